package effects_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/zendesk"
)

// belonging is fresh whose customer belongs to an organisation, and whose bot has handed over.
func belonging() conversation.Thread {
	t := fresh()
	p := &t.Conversation.Procedure
	p.Organization, p.Queue, p.Category = &conversation.Organization{ID: 40, Name: "Aurora", CNPJ: "11222333000181"}, "Suporte N1", "z_outros"
	return t
}

// TestCreateWhole wants a ticket to be made with all that is known, in one request besides what is looked up once.
func TestCreateWhole(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	r.set.Desk.Fields.Number, r.set.Name = "505", "Matriz"
	r.desk.on(createRoute, says(201, created))
	th, want := belonging(), object{
		"subject": "Atendimento iniciado via WhatsApp", "external_id": session, "requester_id": 7.0, "organization_id": 40.0, "group_id": 70.0,
		"tags": []any{"whatsapp"}, "comment": object{"body": "oi\n\ntudo bem?", "public": true, "author_id": 7.0},
		"metadata":      object{"ponte_effect": session + "#2", "ponte_messages": []any{"wamid.1", "wamid.2"}},
		"custom_fields": []any{field(501, "11.222.333/0001-81"), field(502, session), field(504, "z_outros"), field(505, "Matriz")},
	}
	want["tags"] = []any{"whatsapp", "z_outros"}
	r.done(r.try(th, createEffect()))
	r.same("calls", r.desk.calls(), []string{fieldsRoute, groupsRoute, createRoute})
	r.same("ticket", r.written("POST"), want)
	r.same("asked", r.budget.asks, []ask{{thread + "#2", zendesk.LanePeople, zendesk.Cost{Requests: 1}}})

	// The organisation's person is the requester, the contact gets copies and still says its own words.
	th.Conversation.Procedure.Requester, th.Conversation.Procedure.Email = 6, "ana@example.com"
	want["requester_id"], want["email_ccs"] = 6.0, []any{object{"user_email": "ana@example.com", "action": "put"}}
	got := r.done(r.try(th, createEffect()))
	r.same("ticket", r.written("POST"), want)
	r.same("nothing is left out", got.Notes, []string(nil))
	r.same("what was looked up is known", r.desk.calls(), []string{fieldsRoute, groupsRoute, createRoute, createRoute})
}

// TestCreateWithChange wants what joined the creation to count more than what is usual, but not than whose ticket it is.
func TestCreateWithChange(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	r.desk.on(createRoute, says(201, created))
	r.done(r.try(belonging(), along(createEffect(), conversation.Change{
		Subject: "Nota", Status: "solved", Group: "Suporte N2", Assignee: 8, Tags: []string{"fim"}, Fields: map[string]string{conversation.FieldCatalogue: "Distribuição Linha Winthor 99 007 Abandono de chat"},
	})))
	r.without("ticket", r.written("POST"), object{
		"subject": "Nota", "status": "solved", "group_id": 71.0, "assignee_id": 8.0, "organization_id": 40.0, "requester_id": 7.0,
		"tags":          []any{"whatsapp", "fim", "abandono_de_chat"},
		"custom_fields": []any{field(501, "11.222.333/0001-81"), field(502, session), field(504, "abandono_de_chat")},
	}, "comment", "metadata", "external_id")
}

// TestCreateForStrangers wants a ticket without what is not known, and with names for what the account has no place for.
func TestCreateForStrangers(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	r.set.Desk.Fields.Session = "Sessão"
	r.desk.on(createRoute, says(201, created))
	th := fresh()
	th.Conversation.Procedure.Queue, th.Conversation.Procedure.Category = "Vendas", "Outra coisa"
	got := r.done(r.try(th, createEffect()))
	r.without("ticket", r.written("POST"), object{"subject": "Atendimento iniciado via WhatsApp", "requester_id": 7.0, "tags": []any{"whatsapp"}}, "comment", "metadata", "external_id")
	r.same("left", got.Notes, []string{"“Outra coisa” em “Catálogo de serviços”", "campo “Sessão”", "grupo “Vendas”"})
}

// TestCreateWithAMacro wants a macro that needs the ticket not to keep the ticket from being made.
func TestCreateWithAMacro(t *testing.T) {
	t.Parallel()
	r := procedural(t)
	r.macros(macro(5, "Encerrar", "subject", `"{{ticket.created_at}}"`), macro(8, "Para o N2", "current_tags", `"n2"`))
	r.desk.on(createRoute, says(201, created))
	got := r.done(r.try(belonging(), along(createEffect(), conversation.Change{Roles: []string{"closing", "n2"}})))
	r.same("tags", r.written("POST")["tags"], any([]any{"n2", "whatsapp", "z_outros"}))
	r.same("left", got.Notes, []string{"macro “Encerrar”"})
}

// TestCreateLessened wants a ticket to be made with as much as Zendesk takes, each try under a key of its own, and the same ones again after
// an uncertain outcome.
func TestCreateLessened(t *testing.T) {
	t.Parallel()
	change := conversation.Change{Assignee: 8, Status: "open"}
	for n := range len(given()) + 1 {
		r := procedural(t)
		r.desk.on(createRoute, refusals(n)...)
		th := belonging()
		th.Conversation.Procedure.Requester, th.Conversation.Procedure.Email = 6, "ana@example.com"
		got := r.try(th, along(createEffect(), change))
		r.done(got)
		var left, keys []string
		for i, g := range given()[:n] {
			left = append(left, g.what)
			keys = append(keys, session+"#2~"+string(rune('1'+i)))
		}
		r.same("left", got.Notes, left)
		var sent []string
		for _, req := range r.desk.seen {
			if req.Method == "POST" {
				sent = append(sent, req.Header.Get("Idempotency-Key"))
			}
		}
		r.same("keys", sent, append([]string{session + "#2"}, keys...))
		ticket := r.written("POST")
		for i, g := range given() {
			for _, key := range g.keys {
				if key == "requester_id" { // somebody must be it
					want := 6.0
					if i < n {
						want = 7.0
					}
					r.same("requester", ticket[key], any(want))
					continue
				}
				if _, there := ticket[key]; there == (i < n) {
					t.Errorf("after %d refusals %q is there: %v", n, key, there)
				}
			}
		}
		r.same("words", ticket["comment"], any(object{"body": "oi\n\ntudo bem?", "public": true, "author_id": 7.0}))
		r.same("marks", r.marks, []bool{false})
	}
	t.Run("refused whatever is given up", func(t *testing.T) {
		t.Parallel()
		r := procedural(t)
		r.desk.on(createRoute, says(422, unprocessable))
		r.failed(r.try(belonging(), along(createEffect(), change)), "")
	})
	t.Run("uncertain on the way, and again", func(t *testing.T) {
		t.Parallel()
		r := procedural(t)
		r.desk.on(createRoute, says(422, unprocessable), cut, cut, says(422, unprocessable), says(201, created, "X-Idempotency-Lookup", "hit"))
		p := along(createEffect(), change)
		got := r.try(belonging(), p)
		r.unsure(got, settle)
		r.now = at(20)
		got = r.done(r.try(belonging(), unsure(p, got.SentAt)))
		r.same("left", got.Notes, []string{"responsável"})
		var keys []string
		for _, req := range r.desk.seen {
			if req.Method == "POST" {
				keys = append(keys, req.Header.Get("Idempotency-Key"))
			}
		}
		r.same("keys", slices.Compact(keys), []string{session + "#2", session + "#2~1", session + "#2", session + "#2~1"}) // the client's own repeats aside
	})
	t.Run("files are another matter", func(t *testing.T) {
		t.Parallel()
		r := procedural(t)
		r.desk.on(createRoute, says(422, unprocessable))
		p := along(createEffect(), change)
		p.Effect.Comment.Lines[0].File = upload("tok", at(-1))
		r.failed(r.try(belonging(), p), conversation.CodeUploads)
		r.same("calls", r.desk.calls(), []string{fieldsRoute, groupsRoute, createRoute})
	})
}

// TestUserNobodyKnows wants nobody to be looked for whom an identification has looked for already.
func TestUserNobodyKnows(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.desk.on(upsertRoute, says(201, `{"user":{"id":70}}`))
	th := unknown()
	th.Conversation.Procedure.Nobody = true
	r.same("user", r.done(r.try(th, userEffect())).User, int64(70))
	r.same("calls", r.desk.calls(), []string{upsertRoute})
}

func TestNumber(t *testing.T) {
	t.Parallel()
	r := setup(t)
	effect := conversation.Pending{Effect: conversation.Effect{ID: "9", Kind: conversation.EffectNumber}}
	th := fresh()
	th.Conversation.Started = time.Date(2026, 11, 23, 2, 59, 59, 0, time.UTC) // still the 22nd in São Paulo
	r.same("number", r.done(r.try(th, effect)).Number, "261122-001")
	th.Conversation.Started = th.Conversation.Started.Add(time.Second)
	r.same("number", r.done(r.try(th, effect)).Number, "261123-002")
	r.same("counted", r.counter.things, []string{"2026-11-22 " + session, "2026-11-23 " + session})
	r.counter.err = errBroken
	r.later(r.try(th, effect), 800*time.Millisecond, time.Second)
	r.silent()
}
