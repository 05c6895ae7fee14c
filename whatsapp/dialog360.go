package whatsapp

import (
	"net/http"
	"net/url"
	"strconv"
)

// dialog360Base is where 360dialog serves the Cloud API's messages.
const dialog360Base = "https://waba-v2.360dialog.io"

// Dialog360Config says how to reach 360dialog.
type Dialog360Config struct {
	// BaseURL is https://waba-v2.360dialog.io when empty, and may carry a path.
	BaseURL string
	// Key is the API key of the number. Each number has its own, so that a Dialog360 serves one number.
	Key Secret
	// HTTP is used for every request, without following redirects; nil stands for a client with a timeout of 20 seconds.
	HTTP *http.Client
}

// Dialog360 is the Provider for 360dialog, which passes the Cloud API's messages on: the bodies are Meta's, the number is known by
// the API key. It is safe for concurrent use.
//
// Its webhooks are Meta's, too, but for the signature: see VerifyHeader.
//
// Assumed, as nothing of 360dialog describes them for certain: the list of templates, from what others read there, and that the
// contact book has the path of all else.
//
// Source: https://docs.360dialog.com/guides/send-and-receive-messages
type Dialog360 struct{ api }

var _ Provider = (*Dialog360)(nil)

// NewDialog360 returns a client. A wrong configuration shows when it is used.
func NewDialog360(cfg Dialog360Config) *Dialog360 {
	if cfg.BaseURL == "" {
		cfg.BaseURL = dialog360Base
	}
	return &Dialog360{api{
		base:   cfg.BaseURL,
		header: "D360-API-KEY", credential: keep(cfg.Key),
		files: "lookaside.fbsbx.com",
		list:  templateList{path: dialog360Templates, next: dialog360Next},
		http:  newClient(cfg.HTTP),
	}}
}

// dialog360Templates is the path for the business account of the API key.
func dialog360Templates(string) []string { return []string{"v1", "configs", "templates"} }

// dialog360Next turns the pages of 360dialog, by their offset.
func dialog360Next(before url.Values, page templatesPage) url.Values {
	offset := 0
	if before != nil {
		asked, _ := strconv.Atoi(before.Get("offset"))
		offset = asked + page.held
	}
	ended := page.held == 0 || page.total > 0 && offset >= page.total || page.total == 0 && page.held != templatePage
	if before != nil && ended {
		return nil
	}
	return url.Values{"limit": {strconv.Itoa(templatePage)}, "offset": {strconv.Itoa(offset)}}
}
