package effects_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// commenting is an effect that writes c.
func commenting(c conversation.Comment) conversation.Pending {
	c.First, c.Last = at(-20), at(-20)
	return conversation.Pending{Effect: conversation.Effect{ID: "3", Kind: conversation.EffectComment, Comment: &c}}
}

// upload is a file that was uploaded at a time.
func upload(token string, when time.Time) *conversation.Attached {
	return &conversation.Attached{File: conversation.File{ID: "wamid.1", Name: "a.pdf"}, Token: token, At: when}
}

const unprocessable = `{"error":"RecordInvalid"}`

// TestCommentWords is whose words a comment shows, and with which files.
func TestCommentWords(t *testing.T) {
	t.Parallel()
	line := func(text string) []conversation.Line { return []conversation.Line{{Text: text}} }
	tests := []struct {
		name    string
		comment conversation.Comment
		want    object
	}{
		{"customer", conversation.Comment{Author: conversation.AuthorCustomer, Public: true, Lines: line("oi")}, object{
			"comment": object{"body": "oi", "public": true, "author_id": 7.0},
		}},
		{"agent", conversation.Comment{Author: conversation.AuthorAgent, Agent: 8, Public: true, Lines: line("Olá")}, object{
			"comment": object{"body": "Olá", "public": true, "author_id": 8.0},
		}},
		{"agent who takes the ticket", conversation.Comment{Author: conversation.AuthorAgent, Agent: 8, Assign: true, Public: true, Lines: line("Olá")}, object{
			"comment": object{"body": "Olá", "public": true, "author_id": 8.0}, "assignee_id": 8.0,
		}},
		{"ponte", conversation.Comment{Author: conversation.AuthorPonte, Lines: line("nota")}, object{"comment": object{"body": "nota", "public": false}}},
		{"several people's", conversation.Comment{Author: conversation.AuthorPonte, Public: true, Lines: []conversation.Line{
			{Text: "oi", Who: "Cliente"}, {Text: "Olá", Who: "Atendente"},
		}}, object{"comment": object{"body": "Cliente: oi\n\nAtendente: Olá", "public": true}}},
		{"with files", conversation.Comment{Author: conversation.AuthorCustomer, Public: true, Lines: []conversation.Line{
			{Text: "veja", File: upload("tok1", at(-2999))}, {Text: "só isso"}, {Text: "e isto", File: upload("tok2", at(-1))},
		}}, object{"comment": object{"body": "veja\n\nsó isso\n\ne isto", "public": true, "author_id": 7.0, "uploads": []any{"tok1", "tok2"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.desk.on(updateRoute, says(200, updated))
			r.done(r.try(open(), commenting(tt.comment)))
			ticket, _ := r.desk.last("PUT").Body["ticket"].(object)
			delete(ticket, "metadata")
			r.same("ticket", ticket, tt.want)
		})
	}
}

// TestCommentAssigns wants words not to be lost where their agent can't take the ticket.
func TestCommentAssigns(t *testing.T) {
	t.Parallel()
	p := commenting(conversation.Comment{
		Author: conversation.AuthorAgent, Agent: 8, Assign: true, Public: true, Lines: []conversation.Line{{Text: "Olá"}},
	})
	r := setup(t)
	r.desk.on(updateRoute, says(422, unprocessable), says(200, updated))
	r.same("comments", r.done(r.try(open(), p)).Ticket.Comments, []int64{201})
	r.same("calls", r.desk.calls(), []string{updateRoute, updateRoute})
	ticket, _ := r.desk.last("PUT").Body["ticket"].(object)
	r.same("assignee", ticket["assignee_id"], nil)

	r = setup(t)
	r.desk.on(updateRoute, says(422, unprocessable))
	r.failed(r.try(open(), p), "")
	r.same("calls", r.desk.calls(), []string{updateRoute, updateRoute})

	r = setup(t)
	r.desk.on(updateRoute, says(422, unprocessable), cut)
	r.unsure(r.try(open(), p), settle)
}

// TestUploadsGone wants words whose files Zendesk has forgotten to be decided anew, without a request where that is known.
func TestUploadsGone(t *testing.T) {
	t.Parallel()
	with := func(when time.Time) conversation.Comment {
		return conversation.Comment{Author: conversation.AuthorCustomer, Public: true, Lines: []conversation.Line{
			{Text: "oi"}, {MessageID: "wamid.1", Text: "veja", File: upload("tok", when)},
		}}
	}
	create := func(when time.Time) conversation.Pending {
		p := commenting(with(when))
		p.Effect.Kind, p.Effect.ID = conversation.EffectCreate, "2"
		return p
	}
	t.Run("expired", func(t *testing.T) {
		t.Parallel()
		for _, p := range []conversation.Pending{commenting(with(at(-3000))), create(at(-3000))} {
			r := setup(t)
			th := open()
			if p.Effect.Kind == conversation.EffectCreate {
				th = fresh()
			}
			r.failed(r.try(th, p), conversation.CodeUploads)
			r.silent()
			r.same("marks", r.marks, []bool(nil))
		}
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.desk.on(updateRoute, says(422, unprocessable))
		r.failed(r.try(open(), commenting(with(at(-10)))), conversation.CodeUploads)
		r.desk.on(createRoute, says(422, unprocessable))
		r.failed(r.try(fresh(), create(at(-10))), conversation.CodeUploads)
	})
	t.Run("of a closed ticket", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.desk.on(updateRoute, says(422, `{"error":"RecordInvalid","description":"ticket is closed"}`))
		r.failed(r.try(open(), commenting(with(at(-10)))), conversation.CodeTicketClosed)
	})
	t.Run("expired, but the ticket was created", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.desk.on(listRoute, says(200, `{"tickets":[{"id":11,"status":"new","external_id":"`+session+`"}]}`))
		r.desk.on(commentsRoute, says(200, `{"comments":[{"id":101}]}`))
		got := r.done(r.try(fresh(), unsure(create(at(-3600)), at(-3500))))
		r.same("ticket", got.Ticket, wrote("new", 101))
	})
	t.Run("expired, and no ticket was created", func(t *testing.T) {
		t.Parallel()
		r := setup(t)
		r.desk.on(listRoute, says(200, `{"tickets":[]}`))
		r.failed(r.try(fresh(), unsure(create(at(-3600)), at(-3500))), conversation.CodeUploads)
		r.same("calls", r.desk.calls(), []string{listRoute})
	})
}

// TestQuotes wants what a message refers to above its words.
func TestQuotes(t *testing.T) {
	t.Parallel()
	exact := strings.Repeat("ã", 80)
	entries := []conversation.Entry{
		{Message: "wamid.1", Author: conversation.AuthorCustomer, Type: "text", Text: "Qual é o\n prazo da  nota?"},
		{Effect: "4", Author: conversation.AuthorAgent, Type: "text", Text: "Sai amanhã", Delivery: conversation.DeliveryQueued},
		{Effect: "5", Author: conversation.AuthorAgent, Type: "text", Text: "Às 9h", Delivery: conversation.DeliveryQueued},
		{Effect: "4", Message: "wamid.out4", Delivery: conversation.DeliveryAccepted},
		{Effect: "5", Message: "wamid.out5", Delivery: conversation.DeliverySent},
		{Effect: "4", Message: "wamid.out4", Delivery: conversation.DeliveryRead},
		{Message: "wamid.long", Text: exact + "x"},
		{Message: "wamid.exact", Text: exact},
		{Message: "wamid.cpf", Text: "CPF 529.982.247-25"},
		{Message: "wamid.file", Type: "file", Reason: "grande"},
	}
	tests := []struct{ name, re, text, want string }{
		{"of the customer's own", "wamid.1", "e então?", "↪ “Qual é o prazo da nota?”\ne então?"},
		{"of ours", "wamid.out4", "obrigada", "↪ “Sai amanhã”\nobrigada"},
		{"of another of ours", "wamid.out5", "(reagiu com 👍 a uma mensagem)", "↪ “Às 9h”\n(reagiu com 👍 a uma mensagem)"},
		{"of one that is not there", "wamid.9", "sim", "sim"},
		{"of one without words", "wamid.file", "sim", "sim"},
		{"long", "wamid.long", "sim", "↪ “" + strings.Repeat("ã", 79) + "…”\nsim"},
		{"just short enough", "wamid.exact", "sim", "↪ “" + exact + "”\nsim"},
		{"masked", "wamid.cpf", "sim", "↪ “CPF •••.•••.•47-25”\nsim"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.set.Mask.CPF = true
			r.boxes.keeps(t, thread, session, entries...)
			r.boxes.lists[thread+" "+session] = append(r.boxes.lists[thread+" "+session], []byte("{"))
			r.desk.on(updateRoute, says(200, updated))
			p := commenting(conversation.Comment{Author: conversation.AuthorCustomer, Public: true, Lines: []conversation.Line{
				{MessageID: "wamid.7", Text: "antes"}, {MessageID: "wamid.8", Text: tt.text, Re: tt.re},
			}})
			r.done(r.try(open(), p))
			ticket, _ := r.desk.last("PUT").Body["ticket"].(object)
			comment, _ := ticket["comment"].(object)
			r.same("body", comment["body"], any("antes\n\n"+tt.want))
			r.same("the effect stays as it is", p.Effect.Comment.Lines[1].Text, tt.text)
		})
	}
}

// TestQuotesElsewhere wants the transcript of a thread that moved here to be read where it lies.
func TestQuotesElsewhere(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.boxes.keeps(t, "100|c0", "wa-100-c0-2", conversation.Entry{Message: "wamid.1", Text: "antes"})
	r.desk.on(updateRoute, says(200, updated))
	th := open()
	th.Conversation.Session = "wa-100-c0-2"
	r.done(r.try(th, commenting(conversation.Comment{Author: conversation.AuthorCustomer, Lines: []conversation.Line{{Text: "sim", Re: "wamid.1"}}})))
	ticket, _ := r.desk.last("PUT").Body["ticket"].(object)
	r.same("comment", ticket["comment"], any(object{"body": "↪ “antes”\nsim", "public": false, "author_id": 7.0}))
}

// TestQuotesUnread wants words to wait for the transcript that they refer to, and what is unsure to stay so.
func TestQuotesUnread(t *testing.T) {
	t.Parallel()
	p := commenting(conversation.Comment{Author: conversation.AuthorCustomer, Lines: []conversation.Line{{Text: "sim", Re: "wamid.1"}}})
	r := setup(t)
	r.boxes.err = errBroken
	r.later(r.try(open(), p), 800*time.Millisecond, time.Second)
	r.silent()
	r.desk.on(showRoute, says(200, shown))
	r.desk.on(auditsRoute, audits("other#3"))
	got := r.try(open(), unsure(p, at(-15)))
	r.same("outcome", got.Outcome, conversation.Unsure)
	r.same("sent: the first one still counts", got.SentAt, time.Time{})
	r.same("calls", r.desk.calls(), []string{showRoute, auditsRoute})
	r.same("marks", r.marks, []bool(nil))
}
