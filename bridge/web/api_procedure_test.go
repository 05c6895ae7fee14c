package web_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// What a command of the support procedure says reaches the thread's mailbox whole.
func TestProcedureArrives(t *testing.T) {
	t.Parallel()
	agent := conversation.Agent{ID: 7, Name: "Ana"}
	const ana = `"id":"command-1","agent":{"id":7,"name":"Ana"}`
	for _, tt := range []struct {
		kind, body string
		want       conversation.Command
	}{
		{"open", `{` + ana + `}`, conversation.Command{Kind: conversation.CommandOpen}},
		{"take", `{` + ana + `}`, conversation.Command{Kind: conversation.CommandTake}},
		{
			"transfer", `{` + ana + `,"to":{"id":8,"name":"Bruno"},"text":"Já pediu o XML."}`,
			conversation.Command{Kind: conversation.CommandTransfer, To: conversation.Agent{ID: 8, Name: "Bruno"}, Text: "Já pediu o XML."},
		},
		{"transfer", `{` + ana + `,"group":"Financeiro"}`, conversation.Command{Kind: conversation.CommandTransfer, Group: "Financeiro"}},
		{
			"n2", `{` + ana + `,"fields":{"summary":"Erro na nota.","contact_name":"Mariana"}}`,
			conversation.Command{Kind: conversation.CommandN2, Fields: map[string]string{"summary": "Erro na nota.", "contact_name": "Mariana"}},
		},
		{
			"close", `{` + ana + `,"subject":"Erro na nota","catalogue":"A::B","reason":"resolvido","folder":"finalizados","fields":{"expected":"2026-12-01"}}`,
			conversation.Command{
				Kind: conversation.CommandClose, Subject: "Erro na nota", Catalogue: "A::B", Reason: "resolvido", Folder: conversation.FolderDone,
				Fields: map[string]string{"expected": "2026-12-01"},
			},
		},
		{"close", `{` + ana + `,"folder":"pendentes"}`, conversation.Command{Kind: conversation.CommandClose, Folder: conversation.FolderPending}},
		{"cancel", `{` + ana + `,"reason":"engano"}`, conversation.Command{Kind: conversation.CommandCancel, Reason: "engano"}},
		{"identify", `{` + ana + `,"cnpj":"12.ABC.345/01DE-35"}`, conversation.Command{Kind: conversation.CommandIdentify, CNPJ: "12.ABC.345/01DE-35"}},
		{"override", `{` + ana + `,"reason":"acordo"}`, conversation.Command{Kind: conversation.CommandOverride, Reason: "acordo"}},
		{"position", `{` + ana + `,"ticket":35437}`, conversation.Command{Kind: conversation.CommandPosition, Ticket: 35437}},
	} {
		c := openCounter(t, newSecret)
		c.tells(c.ask("POST", conv+"/"+tt.kind, tt.body), 200, `"id":"command-1"`, `"ok":true`, `"ticket":35436`)
		tt.want.ID, tt.want.Session, tt.want.Agent = "command-1", session, agent
		if diff := cmp.Diff([]conversation.Command{tt.want}, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.kind, diff)
		}
		if len(c.keys) != 1 || c.keys[0] != apiKey {
			t.Errorf("%s went to %q", tt.kind, c.keys)
		}
	}
}

// What the procedure's commands say is held to its limits, and a field that is another command's is not ignored.
func TestLimitsOfProcedure(t *testing.T) {
	t.Parallel()
	many := func(n int) string { // names that are known, and one that is not where there are not enough
		var list []string
		for i, name := range append(conversation.FieldNames(), "more") {
			if i < n {
				list = append(list, body(`%q:"x"`, name))
			}
		}
		return `{` + strings.Join(list, ",") + `}`
	}
	for _, tt := range []struct {
		name, kind, rest string
		ok               bool
	}{
		{"longest subject", "close", body(`"subject":%q`, fill(150)), true},
		{"too long a subject", "close", body(`"subject":%q`, fill(151)), false},
		{"longest catalogue", "close", body(`"catalogue":%q`, fill(150)), true},
		{"too long a catalogue", "close", body(`"catalogue":%q`, fill(151)), false},
		{"too long a reason", "close", body(`"reason":%q`, fill(201)), false},
		{"the folder of those that wait", "close", `"folder":"pendentes"`, true},
		{"the folder of those that are done", "close", `"folder":"finalizados"`, true},
		{"no folder", "close", `"folder":""`, true},
		{"another folder", "close", `"folder":"lixeira"`, false},
		{"all fields", "close", `"fields":` + many(len(conversation.FieldNames())), true},
		{"a field that is not known", "close", `"fields":` + many(len(conversation.FieldNames())+1), false},
		{"longest field", "n2", body(`"fields":{"summary":%q}`, fill(5000)), true},
		{"too long a field", "n2", body(`"fields":{"summary":%q}`, fill(5001)), false},
		{"a field that is no text", "n2", `"fields":{"summary":1}`, false},
		{"longest queue", "transfer", body(`"group":%q`, fill(100)), true},
		{"too long a queue", "transfer", body(`"group":%q`, fill(101)), false},
		{"too long a name", "transfer", body(`"to":{"id":8,"name":%q}`, fill(101)), false},
		{"a negative agent", "transfer", `"to":{"id":-8}`, false},
		{"an agent with a role", "transfer", `"to":{"id":8,"role":"admin"}`, false},
		{"nobody", "transfer", "", true}, // the conversation itself refuses it
		{"too long a cnpj", "identify", body(`"cnpj":%q`, fill(101)), false},
		{"a cnpj that is none", "identify", `"cnpj":"123"`, true}, // likewise
		{"a negative ticket", "position", `"ticket":-1`, false},
		{"a ticket in words", "position", `"ticket":"35437"`, false},
		{"too long a reason of an override", "override", body(`"reason":%q`, fill(201)), false},
		{"longest reason of a cancellation", "cancel", body(`"reason":%q`, fill(200)), true},

		{"text of an opening", "open", `"text":"x"`, false},
		{"reason of a taking", "take", `"reason":"x"`, false},
		{"whom of a taking", "take", `"to":{"id":8}`, false},
		{"subject of a transfer", "transfer", `"subject":"x"`, false},
		{"fields of a transfer", "transfer", `"fields":{"summary":"x"}`, false},
		{"reason of n2", "n2", `"reason":"x"`, false},
		{"queue of n2", "n2", `"group":"x"`, false},
		{"text of a closing", "close", `"text":"x"`, false},
		{"ticket of a closing", "close", `"ticket":3`, false},
		{"subject of a cancellation", "cancel", `"subject":"x"`, false},
		{"reason of an identification", "identify", `"reason":"x"`, false},
		{"cnpj of an override", "override", `"cnpj":"x"`, false},
		{"reason of a position", "position", `"reason":"x"`, false},
		{"folder of a reply", "reply", `"text":"x","folder":"pendentes"`, false},
		{"cnpj of a stop", "stop", `"cnpj":"11222333000181"`, false},
		{"fields of a note", "note", `"text":"x","fields":{"summary":"x"}`, false},
	} {
		c := openCounter(t, newSecret)
		text := `{"id":"command-1"`
		if tt.rest != "" {
			text += "," + tt.rest
		}
		rec := c.ask("POST", conv+"/"+tt.kind, text+"}")
		if want := map[bool]int{true: 200, false: 400}[tt.ok]; rec.Code != want || (len(c.got) == 1) != tt.ok {
			t.Errorf("%s: %d %s, %d commands", tt.name, rec.Code, rec.Body, len(c.got))
		}
	}
	c := openCounter(t, newSecret)
	c.tells(c.ask("POST", conv+"/n2", `{"id":"command-1","fields":{"resumo":"x"}}`), 400, `"resumo\"`, "contact_phone, ", "summary, ")
}

// What the procedure knows of a conversation is shown, and what is wrong with its ticket.
func TestShowProcedure(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	now := c.thread.Conversation
	now.State = conversation.StateQueued
	now.Ticket = conversation.Ticket{ID: 35436, Status: "new", Session: session, Organization: 900}
	now.Procedure = conversation.Procedure{
		Number: "261120-007", Queue: "Suporte N1", Category: "A::B", Previous: []int64{35400, 35300}, Flags: []conversation.Flag{conversation.FlagPendingEmpty},
		Organization: &conversation.Organization{ID: 900, Name: "Comercial Ipê", CNPJ: "12ABC34501DE35", Pending: conversation.PendingEmpty, At: apiNow()},
	}
	show := func() map[string]any {
		t.Helper()
		got := map[string]any{}
		if err := json.Unmarshal(c.ask("GET", conv, "").Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"contact", "number", "session", "sessions", "started", "ticket", "waiting", "window", "owner", "allowed", "lines", "now", "number_name"} {
			delete(got, name) // another test's
		}
		return got
	}
	want := map[string]any{
		"state": "queued", "attendance": "261120-007", "queue": "Suporte N1", "category": "A::B", "previous_tickets": []any{35400., 35300.},
		"flags": []any{"pending_empty"}, "organization": map[string]any{
			"id": 900., "name": "Comercial Ipê", "cnpj": "12.ABC.345/01DE-35", "pending": "empty", "checked": apiNow().Format(time.RFC3339),
		},
	}
	if diff := cmp.Diff(want, show()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for mismatch, spoil := range map[string]func(){
		"ticket":       func() { now.Ticket = conversation.Ticket{} },
		"session":      func() { now.Ticket.Session = firstOne },
		"organization": func() { now.Ticket.Organization = 0 },
		"status":       func() { now.Ticket.Status = "closed" },
	} {
		now.Ticket = conversation.Ticket{ID: 35436, Status: "new", Session: session, Organization: 900}
		spoil()
		if diff := cmp.Diff([]any{mismatch}, show()["mismatches"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", mismatch, diff)
		}
	}
	// An ended conversation says how; every outcome and every flag has its place in the description.
	for _, outcome := range []string{
		conversation.EndClosed, conversation.EndN2, conversation.EndFinancial, conversation.EndRefused, conversation.EndCancelled, conversation.EndExpired,
		conversation.EndAudited,
	} {
		now.State, now.Procedure.Outcome = conversation.StateClosed, outcome
		if got := show(); got["outcome"] != outcome {
			t.Errorf("%s is shown as %v", outcome, got)
		}
	}
	now.Procedure.Flags = []conversation.Flag{
		conversation.FlagNoCNPJ, conversation.FlagNoOrganization, conversation.FlagUnverified, conversation.FlagPendingEmpty, conversation.FlagPending,
		conversation.FlagOverridden, conversation.FlagNoEmail,
	}
	for _, pending := range []conversation.PendingAnswer{conversation.PendingUnknown, conversation.PendingNo, conversation.PendingYes} {
		now.Procedure.Organization.Pending = pending
		if got := show(); len(got["flags"].([]any)) != 7 { //nolint:forcetypeassert // the description says so
			t.Errorf("flags are shown as %v", got)
		}
	}
}
