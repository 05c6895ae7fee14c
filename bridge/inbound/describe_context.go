package inbound

import "github.com/ponte-desk/ponte/whatsapp"

// inContext adds to a message's text what it rides on. The message that it answers is shown by whoever shows it.
func inContext(text string, c *whatsapp.Context) string {
	switch {
	case c.FrequentlyForwarded:
		text = "(encaminhada muitas vezes) " + text
	case c.Forwarded:
		text = "(encaminhada) " + text
	}
	if p := c.Product; p != nil && p.ProductID != "" {
		about := "(sobre o produto " + quoted(p.ProductID)
		if p.CatalogID != "" {
			about += " do catálogo " + quoted(p.CatalogID)
		}
		text = lines(text, about+")")
	}
	return text
}

// referral is the advertisement or post that led the customer here.
func referral(r *whatsapp.Referral) string {
	from := "(veio pelo anúncio"
	if r.SourceType == "post" {
		from = "(veio pela publicação"
	}
	for _, words := range []string{r.Headline, r.Body} {
		if words != "" {
			from += " " + quoted(words)
		}
	}
	if address := link(r.SourceURL); address != "" {
		from += " " + address
	}
	return from + ")"
}
