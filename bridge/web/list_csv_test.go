package web_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// sheetOf is a list as a file for spreadsheets, read again, headings first.
func (c *counter) sheetOf(token, query string) [][]string {
	c.t.Helper()
	rec := c.askAs("Bearer "+token, http.MethodGet, "/api/v1/conversations?format=csv&"+query, "")
	c.tells(rec, http.StatusOK)
	if got := rec.Header().Get("Content-Type"); got != "text/csv; charset=utf-8" {
		c.t.Errorf("it is %q", got)
	}
	if got := rec.Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename=\"conversa") || !strings.HasSuffix(got, ".csv\"") {
		c.t.Errorf("it is to be kept as %q", got)
	}
	body, ok := strings.CutPrefix(rec.Body.String(), "\ufeff")
	if !ok || !strings.Contains(body, "\r\n") {
		c.t.Errorf("no spreadsheet opens %q", body)
	}
	r := csv.NewReader(strings.NewReader(body))
	r.Comma = ';'
	lines, err := r.ReadAll()
	if err != nil {
		c.t.Fatal(err)
	}
	return lines
}

func TestListAsSheet(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	conv := owned(conversation.StateActive, 7, "Suporte N1")
	conv.Clock = conversation.Clock{Name: "Ana Beatriz", Waits: ago(3), Snoozed: ago(-60), Attention: true}
	conv.Ticket.ID, conv.Procedure.Number, conv.Tags = 35436, "261120-001", []string{"vip", "erp"}
	conv.Procedure.Organization = &conversation.Organization{ID: 3, Name: "Distribuidora \"Aurora\"; Ltda", CNPJ: "11222333000181"}
	open := c.board.one("a", conv)
	open.Contact.Name, open.Contact.WaID, open.LastInbound = "=HYPERLINK(\"http://x\")", "5511987650142", ago(2)
	c.board.ends = map[string][]conversation.Entry{"wa-a": {{At: ago(2), Author: conversation.AuthorCustomer, Message: "w", Type: "text", Text: "@SUM(A1)\nbom dia"}}}
	ended := owned(conversation.StateClosed, 0, "Suporte N1")
	ended.Ended, ended.Procedure.Outcome = ago(1), conversation.EndAudited
	ended.Audited = &conversation.Audited{At: ago(1), Outcome: "something new", Overruled: &conversation.Overruled{At: ago(1), Outcome: "client_abandonment"}}
	c.board.one("b", ended).Contact.WaID = "12025550142"

	got := c.sheetOf(anaToken, "view=all")
	want := []string{
		"wa-a", "Em andamento", "Suporte N1", "Ana Beatriz", "'=HYPERLINK(\"http://x\")", "55 11 987650142", "Distribuidora \"Aurora\"; Ltda", "11.222.333/0001-81",
		"35436", "261120-001", "2026-11-20 11:00:00", "", "2026-11-20 11:57:00", "2026-11-20 11:58:00", "2026-11-20 13:00:00", "vip, erp", "", "", "sim",
		"'@SUM(A1) bom dia",
	}
	if len(got) != 2 || got[0][0] != "Sessão" {
		t.Fatalf("the sheet is %q", got)
	}
	if diff := cmp.Diff(want, got[1]); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if len(got[0]) != len(want) {
		t.Errorf("%d headings over %d cells", len(got[0]), len(want))
	}
	got = c.sheetOf(anaToken, "view=ended")
	want = []string{
		"wa-b", "Concluído", "Suporte N1", "", "", "120 25550142", "", "", "", "", "2026-11-20 11:00:00", "2026-11-20 11:59:00", "", "", "", "",
		"Concluído pela auditoria", "Abandono do cliente", "", "",
	}
	if diff := cmp.Diff(want, got[1]); diff != "" {
		t.Errorf("of one that ended (-want +got):\n%s", diff)
	}

	session := c.people.sessions[anaToken]
	session.Caller.Locale = "en-US"
	c.people.sessions[anaToken] = session
	if got := c.sheetOf(anaToken, "view=ended"); got[0][0] != "Session" || got[1][1] != "Closed" || got[1][17] != "Abandoned by the customer" || len(got[0]) != len(want) {
		t.Errorf("in English: %q", got)
	}
	if got := c.sheetOf(newSecret, "view=new"); len(got) != 1 {
		t.Errorf("nothing is %q", got)
	}
}

// TestSheetsKnowAllCodes wants a name in each language for every state and for how a conversation may end.
func TestSheetsKnowAllCodes(t *testing.T) {
	t.Parallel()
	c := openCounter(t, newSecret)
	states := append(conversation.GoingStates(), conversation.EndedStates()...)
	for _, state := range states {
		conv := owned(state, 0, "")
		conv.Ended = ago(1)
		c.board.one(string(state), conv)
	}
	for _, code := range []string{
		conversation.EndClosed, conversation.EndN2, conversation.EndFinancial, conversation.EndRefused, conversation.EndCancelled, conversation.EndExpired,
		conversation.EndAudited, "not_assumed", "client_abandonment", "agent_abandonment", "after_hours", "agent_unavailable", "bot_abandoned",
	} {
		conv := owned(conversation.StateClosed, 0, "")
		conv.Ended, conv.Procedure.Outcome = ago(1), code
		c.board.one("ends-"+code, conv)
	}
	session := c.people.sessions[heloToken]
	for _, locale := range []string{"pt-BR", "en"} {
		session.Caller.Locale = locale
		c.people.sessions[heloToken] = session
		for _, line := range c.sheetOf(heloToken, "q=xx")[1:] {
			name := strings.TrimPrefix(line[0], "wa-")
			if line[1] == name || line[1] == "" {
				t.Errorf("%s: the state %s is called %q", locale, name, line[1])
			}
			if code, ok := strings.CutPrefix(name, "ends-"); ok && (line[16] == code || line[16] == "") {
				t.Errorf("%s: the end %s is called %q", locale, code, line[16])
			}
		}
	}
}
