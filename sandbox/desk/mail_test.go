package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/desk"
)

// posted tells the log of e-mails in short: address, c for a copy, and the trigger's first words.
func (b *bench) posted() []string {
	b.t.Helper()
	out := []string{}
	for _, m := range b.desk.MailLog() {
		mark := ""
		if m.CC {
			mark = " (cc)"
		}
		out = append(out, m.To+mark+": "+m.Trigger)
	}
	return out
}

const (
	mailReceived = "Notificar solicitante e CCs sobre solicitação recebida"
	mailComment  = "Notificar solicitante e CCs sobre atualização de comentário"
	mailAssignee = "Notificar atribuído sobre atualização de comentário"
	mailAssigned = "Notificar atribuído sobre atribuição"
	mailReopened = "Notificar atribuído sobre ticket reaberto"
	mailGroup    = "Notificar grupo sobre atribuição"
)

// TestWhomTheAccountWrites does one thing to a ticket of Marcos, who is not told of what he does himself.
func TestWhomTheAccountWrites(t *testing.T) {
	t.Parallel()
	const marcos, patricia = "marcos.teixeira@aurora.example", "patricia@aurora.example"
	const ana, bruno, gustavo, helena = "ana.souza@desk.example", "bruno.carvalho@desk.example", "gustavo.pires@desk.example", "helena.prado@desk.example"
	for name, tt := range map[string]struct {
		made object // beside the usual ones
		does func(b *bench, id int64)
		want []string
	}{
		"a ticket is made": {nil, func(*bench, int64) {}, []string{marcos + ": " + mailReceived}},
		"a comment by the API in the customer's name": {
			nil,
			func(b *bench, id int64) {
				b.put(id, object{"comment": object{"body": "Oi", "author_id": b.user("Marcos Vinícius Teixeira").ID}}).want(200)
			},
			[]string{marcos + ": " + mailReceived, marcos + ": " + mailComment},
		},
		"an internal note": {
			nil,
			func(b *bench, id int64) {
				b.put(id, object{"comment": object{"body": "Oi", "public": false}}).want(200)
			},
			[]string{marcos + ": " + mailReceived},
		},
		"the customer writes an e-mail": {
			nil,
			func(b *bench, id int64) {
				if _, err := b.desk.CustomerEmail(id, 0, "Oi"); err != nil {
					b.t.Fatal(err)
				}
			},
			[]string{marcos + ": " + mailReceived},
		},
		"somebody in copy is told of public comments": {
			object{"email_ccs": []object{{"user_email": patricia}}},
			func(b *bench, id int64) { b.put(id, object{"comment": object{"body": "Oi"}}).want(200) },
			[]string{
				marcos + ": " + mailReceived, patricia + " (cc): " + mailReceived, marcos + ": " + mailComment, patricia + " (cc): " + mailComment,
			},
		},
		"the requester in copy is told once": {
			object{"email_ccs": []object{{"user_email": marcos}}},
			func(*bench, int64) {},
			[]string{marcos + ": " + mailReceived},
		},
		"fields only": {
			nil,
			func(b *bench, id int64) { b.put(id, object{"subject": "x", "tags": []string{"a"}}).want(200) },
			[]string{marcos + ": " + mailReceived},
		},
		"it is given to an agent, who is told of notes too": {
			nil,
			func(b *bench, id int64) {
				b.put(id, object{"assignee_id": b.user("Ana Beatriz Souza").ID}).want(200)
				b.put(id, object{"comment": object{"body": "Nota", "public": false}}).want(200)
			},
			[]string{marcos + ": " + mailReceived, ana + ": " + mailAssigned, ana + ": " + mailAssignee},
		},
		"an agent takes it and comments": {
			nil,
			func(b *bench, id int64) {
				own := b.user("Bruno Carvalho").ID
				if err := b.desk.Assign(id, own, own); err != nil {
					b.t.Fatal(err)
				}
				if _, err := b.desk.AgentComment(id, own, "Nota", false); err != nil {
					b.t.Fatal(err)
				}
			},
			[]string{marcos + ": " + mailReceived},
		},
		"it is reopened": {
			object{"assignee_id": "{bruno}", "status": "solved"},
			func(b *bench, id int64) { b.put(id, object{"status": "open"}).want(200) },
			[]string{bruno + ": " + mailAssigned, bruno + ": " + mailReopened},
		},
		"it is given to a group": {
			nil,
			func(b *bench, id int64) { b.put(id, object{"group_id": b.group("Financeiro")}).want(200) },
			[]string{marcos + ": " + mailReceived, gustavo + ": " + mailGroup, helena + ": " + mailGroup},
		},
		"it leaves its group": {
			object{"group_id": "{queue}"},
			func(b *bench, id int64) { b.put(id, object{"group_id": nil}).want(200) },
			nil, // counted below: only the arrival in the group
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			made := object{}
			for key, value := range tt.made {
				switch value {
				case "{bruno}":
					value = b.user("Bruno Carvalho").ID
				case "{queue}":
					value = b.group("WINTHOR WHATSAPP")
				}
				made[key] = value
			}
			id := b.ticket(made)
			before := len(b.posted())
			tt.does(b, id)
			if tt.want == nil {
				if got := b.posted()[before:]; len(got) != 0 {
					t.Errorf("mails %v", got)
				}
				return
			}
			got := b.posted()
			slices.Sort(tt.want)
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("mails (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAMailSaysWhatItIsAbout wants the whole record, also after a restart, and an empty log after it was cleared.
func TestAMailSaysWhatItIsAbout(t *testing.T) {
	t.Parallel()
	b := setup(t, noHooks)
	dir := t.TempDir()
	b.restart(dir)
	marcos := b.user("Marcos Vinícius Teixeira")
	id := b.ticket(object{"subject": "Erro 539"})
	b.put(id, object{"comment": object{"html_body": "<p>Olá, <b>Marcos</b></p>"}}).want(200)
	comment := b.named("/api/v2/triggers", "triggers", "title", mailComment)
	audits := b.get(ticketPath(id, "/audits")).want(200)
	want := desk.Mail{
		To: marcos.Email, UserID: marcos.ID, Subject: fmt.Sprintf("[%d] Erro 539", id), Body: "Olá, **Marcos**", TicketID: id,
		TriggerID: comment, Trigger: mailComment, At: start(), AuditID: audits.id("audits", 1, "id"),
	}
	check := func(when string) {
		t.Helper()
		list := b.desk.MailLog()
		if len(list) != 2 {
			t.Fatalf("%s: %d mails", when, len(list))
		}
		if diff := cmp.Diff(want, list[1]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	check("at once")
	// Rewriting the comment keeps its mail.
	b.call("PUT", ticketPath(id, "/comments/", itoa(b.desk.Comments(id)[1].ID), "/make_private"), nil).want(200)
	b.restart(dir)
	check("after a restart")
	if err := b.desk.ClearMails(); err != nil {
		t.Fatal(err)
	}
	b.restart(dir)
	if got := b.desk.MailLog(); len(got) != 0 {
		t.Errorf("after clearing: %v", got)
	}
	if got := b.desk.Mails(id, marcos.ID); got != 2 {
		t.Errorf("%d mails in the audits", got)
	}
	b.put(id, object{"comment": object{"body": "De novo", "public": true}}).want(200)
	if got := b.desk.MailLog(); len(got) != 1 || got[0].Body != "De novo" {
		t.Errorf("afterwards: %v", got)
	}
	if err := b.desk.ClearMails(); err != nil {
		t.Fatal(err)
	}
	if err := b.desk.ClearMails(); err != nil {
		t.Errorf("clearing nothing: %v", err)
	}
}

// TestWhoGetsNoMail is about people without address, suspended ones, and words that name nobody.
func TestWhoGetsNoMail(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		whom string
		want string
	}{
		"a user":            {"{ana}", "ana.souza@desk.example"},
		"no user":           {"5", ""},
		"no word":           {"todo_mundo", ""},
		"who writes":        {"current_user", ""},
		"nobody assigned":   {"assignee_id", ""},
		"the requester":     {"requester_id", "juliana@ipe.example"},
		"without address":   {"{edson}", ""},
		"suspended":         {"{rafael}", ""},
		"every agent, once": {"all_agents", strings.Repeat("x", 8)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.person("Rafael Toledo").change(object{"suspended": true}).want(200)
			whom := strings.NewReplacer("{ana}", itoa(b.user("Ana Beatriz Souza").ID), "{edson}", itoa(b.user("Edson Farias").ID),
				"{rafael}", itoa(b.user("Rafael Toledo").ID)).Replace(tt.whom)
			b.withTrigger(t, trigger("notification_user", []string{whom, "s", "b"}, cond("subject", "is", "já")))
			id := b.ticket(object{"requester_id": b.user("Juliana Castro").ID})
			if err := b.desk.ClearMails(); err != nil {
				t.Fatal(err)
			}
			b.put(id, object{"subject": "já"}).want(200)
			var got []string
			for _, m := range b.desk.MailLog() {
				got = append(got, m.To)
			}
			if len(tt.want) == 8 {
				if len(got) != 8 {
					t.Errorf("%d mails: %v", len(got), got)
				}
				return
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("mails to %v, want %q", got, tt.want)
			}
		})
	}
}

// TestAMutedAccount spares the tickets of WhatsApp and nothing else.
func TestAMutedAccount(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *desk.Config) { c.Seed = desk.SeedMuted })
	id := b.ticket(nil)
	b.put(id, object{"comment": object{"body": "Olá"}}).want(200)
	if got := b.posted(); len(got) != 0 {
		t.Errorf("mails %v", got)
	}
	other := b.ticket(object{"tags": []string{}})
	b.put(other, object{"comment": object{"body": "Olá"}}).want(200)
	if got := b.posted(); len(got) != 2 {
		t.Errorf("mails of a ticket that is not WhatsApp's: %v", got)
	}
	r := b.get("/api/v2/triggers").want(200)
	muted := 0
	for i := range r.len("triggers") {
		for n := range r.len("triggers", i, "conditions", "all") {
			if r.text("triggers", i, "conditions", "all", n, "operator") == "not_includes" {
				muted++
			}
		}
	}
	if muted != 2 {
		t.Errorf("%d triggers were muted", muted)
	}
}
