package whatsapp

// Context says what a message refers to.
type Context struct {
	// From and ID name the quoted message; both are empty for a forwarded one.
	From string
	ID   string
	// Forwarded is true for any forwarded message, FrequentlyForwarded for one that went through many hands.
	Forwarded           bool
	FrequentlyForwarded bool
	// Product is the product that the customer asks about.
	Product *Product
}

// Product is a product of a catalogue.
type Product struct {
	CatalogID string
	ProductID string
}

func (d *decoder) context(v value) *Context {
	if v.absent() {
		return nil
	}
	c := new(Context)
	for key, v := range d.object(v) {
		switch key {
		case "from":
			c.From = d.text(v)
		case "id":
			c.ID = d.text(v)
		case "forwarded":
			c.Forwarded = d.boolean(v)
		case "frequently_forwarded":
			c.FrequentlyForwarded = d.boolean(v)
		case "referred_product":
			c.Product = d.product(v)
		}
	}
	c.Forwarded = c.Forwarded || c.FrequentlyForwarded
	return c
}

func (d *decoder) product(v value) *Product {
	p := new(Product)
	for key, v := range d.object(v) {
		switch key {
		case "catalog_id":
			p.CatalogID = d.text(v)
		case "product_retailer_id":
			p.ProductID = d.text(v)
		}
	}
	return p
}

// Referral is the advertisement or post that led the customer to us.
type Referral struct {
	SourceURL string
	SourceID  string
	// SourceType is "ad" or "post".
	SourceType   string
	Headline     string
	Body         string
	MediaType    string
	ImageURL     string
	VideoURL     string
	ThumbnailURL string
	// ClickID is Meta's id of the click (ctwa_clid).
	ClickID string
	// Welcome is the greeting that the advertisement showed.
	Welcome string
}

func (d *decoder) referral(v value) *Referral {
	if v.absent() {
		return nil
	}
	r := new(Referral)
	for key, v := range d.object(v) {
		switch key {
		case "source_url":
			r.SourceURL = d.text(v)
		case "source_id":
			r.SourceID = d.text(v)
		case "source_type":
			r.SourceType = d.text(v)
		case "headline":
			r.Headline = d.text(v)
		case "body":
			r.Body = d.text(v)
		case "media_type":
			r.MediaType = d.text(v)
		case "image_url":
			r.ImageURL = d.text(v)
		case "video_url":
			r.VideoURL = d.text(v)
		case "thumbnail_url":
			r.ThumbnailURL = d.text(v)
		case "ctwa_clid":
			r.ClickID = d.text(v)
		case "welcome_message":
			for key, v := range d.object(v) {
				if key == "text" {
					r.Welcome = d.text(v)
				}
			}
		}
	}
	return r
}
