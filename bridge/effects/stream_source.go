package effects

import (
	"context"
	"errors"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/whatsapp"
)

// source opens a file that goes to Zendesk. A customer's lies at WhatsApp; one that the company sent lies there for 30 days, and at
// Zendesk for as long as its upload is good.
func (p *Performer) source(ctx context.Context, j job) (*whatsapp.Download, error) {
	t := j.Pending.Effect.Stream
	number, _, _ := conversation.ParseKey(t.Thread)
	if t.File.Media != "" || !t.File.Out {
		d, err := p.WhatsApp(number, j.Settings).FetchMedia(ctx, number, t.File.Media)
		gone := errors.Is(err, whatsapp.ErrMediaGone) || errors.Is(err, whatsapp.ErrInvalid)
		if err == nil || !gone || !t.File.Out || t.File.URL == "" {
			return d, err
		}
	}
	body, size, mime, err := p.Zendesk.Download(ctx, t.File.URL)
	if err != nil {
		return nil, err
	}
	return &whatsapp.Download{Body: body, MIME: mime, Size: size}, nil
}
