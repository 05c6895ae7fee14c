package effects

import (
	"context"
	"html"
	"strings"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// written is the effect's words as Zendesk takes them: the customer's and an agent's in their own names. ok is false when they
// can't be put together now, or not with the files that they have; r then is the attempt's result.
func (p *Performer) written(ctx context.Context, j job) (w *zendesk.CommentWrite, r conversation.Result, ok bool) {
	c := j.Pending.Effect.Comment
	w = &zendesk.CommentWrite{Public: c.Public}
	for _, a := range c.Uploads() {
		if p.Now().Sub(a.At) >= conversation.UploadLife {
			return nil, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeUploads, Reason: "uploads expired"}, false
		}
		w.Uploads = append(w.Uploads, a.Token)
	}
	if c.Transcript != "" {
		return p.transcript(ctx, j, w)
	}
	quotes, err := p.quotes(ctx, j)
	if err != nil {
		r := p.later(j, err.Error(), 0)
		r.Outcome = keep(j, r.Outcome)
		return nil, r, false
	}
	w.Body = body(*c, quotes)
	switch c.Author {
	case conversation.AuthorCustomer:
		w.AuthorID = j.Thread.Contact.Zendesk
		w.Public = w.Public && w.AuthorID != 0 // never as public words of the integration user
	case conversation.AuthorAgent:
		w.AuthorID = c.Agent
	case conversation.AuthorPonte:
	}
	return w, conversation.Result{}, true
}

// body is the comment's text, each line below what it refers to.
func body(c conversation.Comment, quotes map[string]string) string {
	lines := make([]conversation.Line, len(c.Lines))
	for i, l := range c.Lines {
		if quote := quotes[l.Re]; quote != "" {
			l.Text = "↪ “" + quote + "”\n" + l.Text
		}
		lines[i] = l
	}
	c.Lines = lines
	return c.Body()
}

// mostQuoted is how much of a message is shown where another refers to it, in characters.
const mostQuoted = 80

// quotes reads the beginnings of the messages that the comment's lines refer to, by message id.
func (p *Performer) quotes(ctx context.Context, j job) (map[string]string, error) {
	wanted := map[string]string{}
	for _, l := range j.Pending.Effect.Comment.Lines {
		if l.Re != "" {
			wanted[l.Re] = ""
		}
	}
	if len(wanted) == 0 {
		return nil, nil //nolint:nilnil // nothing is quoted
	}
	entries, err := p.entries(ctx, j, j.Thread.Conversation.Session)
	if err != nil {
		return nil, err
	}
	said := map[string]string{} // texts of our own messages by effect, until WhatsApp's id is known
	for _, e := range entries {
		switch {
		case e.Text != "" && e.Effect != "":
			said[e.Effect] = e.Text
		case e.Text != "" && e.Message != "":
			said[e.Message] = e.Text
		}
		if _, ok := wanted[e.Message]; ok && wanted[e.Message] == "" {
			wanted[e.Message] = cutQuote(j.Settings.Mask.Text(firstOf(said[e.Message], said[e.Effect])))
		}
	}
	return wanted, nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// cutQuote is the beginning of a text on one line.
func cutQuote(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > mostQuoted {
		return string(r[:mostQuoted-1]) + "…"
	}
	return text
}

// entries reads a session's transcript; what can't be read is left out.
func (p *Performer) entries(ctx context.Context, j job, session string) ([]conversation.Entry, error) {
	key := j.Key
	if own, ok := conversation.ThreadOfSession(session); ok {
		key = own // the session of a thread that moved here lies where it was
	}
	raw, err := p.Mailboxes.Transcript(ctx, key, session)
	if err != nil {
		return nil, err
	}
	return conversation.DecodeEntries(raw), nil
}

// asHTML is a macro's words as HTML.
func asHTML(c macros.Comment) string {
	if c.HTML != "" {
		return c.HTML
	}
	return "<p>" + strings.ReplaceAll(html.EscapeString(c.Text), "\n", "<br>") + "</p>"
}

// asText is a macro's words as text.
func asText(c macros.Comment) string {
	if c.Text != "" {
		return c.Text
	}
	return whatsapp.Markup(c.HTML)
}

// filledIn puts a change's fields behind the labels of a macro's form: a line such as "Resumo:" that a person would have filled in.
func filledIn(text string, fields map[string]string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		label, ok := strings.CutSuffix(strings.TrimSpace(line), ":")
		if value := fields[labelled(label)]; ok && value != "" {
			lines[i] = strings.TrimRight(line, " \t") + " " + value
		}
	}
	return strings.Join(lines, "\n")
}

// labelled is the field that a label stands for, "" for none.
func labelled(label string) string {
	switch strings.ToLower(strings.TrimSpace(label)) {
	case "contato", "nome", "nome do contato", "cliente", "contact", "name":
		return conversation.FieldContactName
	case "telefone", "telefone do contato", "fone", "whatsapp", "celular", "phone":
		return conversation.FieldContactPhone
	case "resumo", "resumo do atendimento", "descrição", "problema", "summary", "description":
		return conversation.FieldSummary
	case "cnpj":
		return conversation.FieldCNPJ
	}
	return ""
}
