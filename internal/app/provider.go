package app

import (
	"net/http"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/whatsapp"
)

// sendTimeout bounds one call of WhatsApp: shorter than a lease.
const sendTimeout = 8 * time.Second

// providers is who carries which number's messages.
type providers struct {
	cloud    *whatsapp.Cloud
	dialog   map[string]*whatsapp.Dialog360 // by number
	stranger *whatsapp.Dialog360            // has no key: refuses everything, loudly
}

func newProviders(c Config, transport http.RoundTripper) *providers {
	client := &http.Client{Transport: transport, Timeout: sendTimeout}
	p := &providers{
		cloud: whatsapp.NewCloud(whatsapp.CloudConfig{
			BaseURL: c.WhatsAppAPIURL, Version: c.WhatsAppAPIVersion, Token: c.WhatsAppAccessToken, HTTP: client,
		}),
		dialog:   map[string]*whatsapp.Dialog360{},
		stranger: whatsapp.NewDialog360(whatsapp.Dialog360Config{BaseURL: c.Dialog360URL, HTTP: client}),
	}
	for _, pair := range list(string(c.Dialog360APIKeys)) {
		number, key, _ := strings.Cut(pair, "=")
		p.dialog[number] = whatsapp.NewDialog360(whatsapp.Dialog360Config{BaseURL: c.Dialog360URL, Key: whatsapp.Secret(key), HTTP: client})
	}
	return p
}

// of is who carries the number's messages.
func (p *providers) of(number string, set settings.Number) whatsapp.Provider {
	if set.Provider != settings.Provider360Dialog {
		return p.cloud
	}
	if own := p.dialog[number]; own != nil {
		return own
	}
	return p.stranger
}
