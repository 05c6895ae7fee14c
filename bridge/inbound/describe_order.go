package inbound

import (
	"fmt"

	"github.com/ponte-desk/ponte/whatsapp"
)

// order is the products that a customer put together, each as WhatsApp wrote it: nothing is computed of its prices.
func order(o *whatsapp.Order) string {
	const most = 60
	if o == nil {
		return ""
	}
	head := "[Pedido]"
	if o.CatalogID != "" {
		head += " do catálogo " + quoted(o.CatalogID)
	}
	list := []string{head}
	for i, it := range o.Items {
		if i == most {
			list = append(list, fmt.Sprintf("… e mais %d itens", len(o.Items)-most))
			break
		}
		list = append(list, orderItem(it))
	}
	return lines(append(list, o.Text)...)
}

func orderItem(i whatsapp.OrderItem) string {
	item := oneLine(i.ProductID)
	if i.Quantity != "" {
		item = oneLine(i.Quantity) + " × " + item
	}
	if price := joined(" ", []string{oneLine(i.Price), oneLine(i.Currency)}); price != "" {
		item += " (" + price + ")"
	}
	return item
}
