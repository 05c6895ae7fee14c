package app

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/bridge/web"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// files opens the files of messages, at whichever peer still has them.
type files struct {
	a        *App
	rows     *store.Summaries
	attached *brief[int64, []zendesk.Attachment] // by ticket
}

// Bounds of looking a file up on a ticket.
const (
	attachedLife  = time.Minute
	mostAttached  = 200 // tickets whose attachments are remembered
	attachedPages = 5   // of a hundred comments
)

func newFiles(a *App) *files {
	return &files{
		a: a, rows: store.NewSummaries(a.redis, a.Config.RedisPrefix),
		attached: newBrief[int64, []zendesk.Attachment](a.parts.Now, attachedLife, mostAttached),
	}
}

// Open opens a file: WhatsApp has it while it is young, then the ticket.
func (f *files) Open(ctx context.Context, t conversation.Thread, session string, file conversation.File, sent time.Time) (web.File, error) {
	var failed error // a peer that could not be asked
	for _, from := range []func(context.Context, conversation.Thread, string, conversation.File, time.Time) (web.File, error){
		f.fromWhatsApp, f.fromZendesk, f.fromTicket,
	} {
		opened, err := from(ctx, t, session, file, sent)
		if err == nil {
			return opened, nil
		}
		if !errors.Is(err, web.ErrFileGone) {
			failed = errors.Join(failed, err)
		}
	}
	if failed != nil {
		return web.File{}, failed
	}
	return web.File{}, web.ErrFileGone
}

// fromWhatsApp opens a customer's file by its media id, through who carries the number's messages.
func (f *files) fromWhatsApp(ctx context.Context, _ conversation.Thread, session string, file conversation.File, sent time.Time) (web.File, error) {
	number := numberOf(session)
	if file.Media == "" || f.a.parts.Now().Sub(sent) > whatsapp.InboundMediaLife {
		return web.File{}, web.ErrFileGone
	}
	d, err := f.a.providers.of(number, f.a.parts.Settings(number)).FetchMedia(ctx, number, file.Media)
	switch {
	case errors.Is(err, whatsapp.ErrMediaGone), errors.Is(err, whatsapp.ErrInvalid), errors.Is(err, whatsapp.ErrMediaAddress):
		return web.File{}, web.ErrFileGone
	case err != nil:
		return web.File{}, err
	}
	return sniffed(d.Body, d.Size, d.MIME, file)
}

// numberOf is the number that a session is on.
func numberOf(session string) string {
	key, _ := conversation.ThreadOfSession(session)
	number, _, _ := conversation.ParseKey(key)
	return number
}

// fromZendesk opens a file by the address that it has at Zendesk: an agent's.
func (f *files) fromZendesk(ctx context.Context, _ conversation.Thread, _ string, file conversation.File, _ time.Time) (web.File, error) {
	if file.URL == "" {
		return web.File{}, web.ErrFileGone
	}
	return f.download(ctx, file.URL, file)
}

func (f *files) download(ctx context.Context, address string, file conversation.File) (web.File, error) {
	if err := f.a.turn(ctx, "file:"+file.ID); err != nil {
		return web.File{}, err
	}
	body, size, mime, err := f.a.desk.Download(ctx, address)
	switch zendesk.KindOf(err) {
	case zendesk.KindNotFound, zendesk.KindInvalid, zendesk.KindBad, zendesk.KindClosed, zendesk.KindForbidden:
		return web.File{}, web.ErrFileGone
	case zendesk.KindLimited, zendesk.KindNetwork, zendesk.KindServer, zendesk.KindConflict, zendesk.KindUnauthorized:
	}
	if err != nil {
		return web.File{}, err
	}
	return sniffed(body, size, mime, file)
}

// fromTicket looks for a file among the attachments of its conversation's ticket, by name and size.
func (f *files) fromTicket(ctx context.Context, t conversation.Thread, session string, file conversation.File, _ time.Time) (web.File, error) {
	if file.Name == "" || file.Size <= 0 || file.URL != "" {
		return web.File{}, web.ErrFileGone
	}
	ticket, err := f.ticket(ctx, t, session)
	if err != nil {
		return web.File{}, err
	}
	if ticket == 0 {
		return web.File{}, web.ErrFileGone
	}
	all, err := f.attached.get(ctx, ticket, func(ctx context.Context) ([]zendesk.Attachment, error) { return f.attachments(ctx, ticket) })
	if err != nil {
		return web.File{}, err
	}
	for _, attached := range all {
		if same(attached, file) {
			return f.download(ctx, attached.ContentURL, file)
		}
	}
	return web.File{}, web.ErrFileGone
}

// same tells whether an attachment is a file, by what is known of both.
func same(attached zendesk.Attachment, file conversation.File) bool {
	return attached.Size == file.Size && strings.EqualFold(attached.FileName, file.Name)
}

// ticket is the ticket of a session, 0 when it is not known.
func (f *files) ticket(ctx context.Context, t conversation.Thread, session string) (int64, error) {
	if c := t.Conversation; c != nil && c.Session == session {
		return c.Ticket.ID, nil
	}
	rows, err := f.rows.Of(ctx, t.Contact.ID)
	if err != nil || rows[session] == nil {
		return 0, err
	}
	row, err := report.DecodeRow(rows[session])
	if err != nil {
		return 0, nil //nolint:nilerr // what can't be read tells no ticket
	}
	return row.Ticket, nil
}

// attachments lists what is attached to a ticket.
func (f *files) attachments(ctx context.Context, ticket int64) (all []zendesk.Attachment, err error) {
	if err := f.a.turn(ctx, "attachments:"+strconv.FormatInt(ticket, 10)); err != nil {
		return nil, err
	}
	comments, _, _, err := f.a.desk.NewestComments(ctx, ticket, attachedPages)
	if zendesk.KindOf(err) == zendesk.KindNotFound {
		return nil, nil
	}
	for _, c := range comments {
		all = append(all, c.Attachments...)
	}
	return all, err
}

// sniffed is an open file whose type is told by its first bytes. It closes body when they can't be read.
func sniffed(body io.ReadCloser, size int64, declared string, file conversation.File) (web.File, error) {
	ahead := bufio.NewReaderSize(body, whatsapp.SniffLength)
	head, err := ahead.Peek(whatsapp.SniffLength)
	if err != nil && !errors.Is(err, io.EOF) {
		return web.File{}, errors.Join(err, body.Close())
	}
	if file.MIME != "" {
		declared = file.MIME
	}
	mime, _ := whatsapp.Sniff(head, file.Name, declared)
	return web.File{Body: peeked{ahead, body}, Name: whatsapp.Filename(file.Name, mime), MIME: mime, Size: size}, nil
}

// peeked reads a body whose beginning was looked at.
type peeked struct {
	io.Reader
	io.Closer
}
