package app_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/audit/report"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/sandbox/desk"
)

// Staff, and what the auditor writes in the seeded account.
const (
	anaName     = "Ana Beatriz Souza"
	brunoName   = "Bruno Carvalho"
	abandonTag  = "abandono_de_chat"
	othersTag   = "z_outros"
	unassumed   = "Auditoria: o atendimento foi feito sem que o ticket fosse assumido."
	unanswered  = "Auditoria: o cliente ficou sem resposta. Retome o atendimento."
	unavailable = "Auditoria: nenhum atendente assumiu a conversa."
	transcript  = "transcript"
	aurora      = "Distribuidora Aurora Ltda"
)

// quiet is the settings of stories about the auditor alone: who waits is not told so, and silence alerts nobody.
func quiet(n settings.Number) settings.Number {
	n.Says.Waiting, n.Says.NoneAvailable = "", ""
	n.Silence, n.Ending.Warning = settings.Silence{}, 0
	n.Transcript.AtEnd = settings.TranscriptPrivate
	return n
}

// standing is a ticket as people see it, whole.
type standing struct {
	Status, Subject, Assignee, Group, Organization, Requester string
	Catalogue                                                 string
	Fields                                                    map[string]string
	Tags, Copied                                              []string
	Comments                                                  []string // visibility and words; a transcript is named, not quoted
}

// stands reads a ticket.
func (a *attendance) stands(ticket int64) standing {
	a.t.Helper()
	t := a.again(desk.TicketView{ID: ticket})
	names := map[int64]string{0: ""}
	for _, u := range a.peers.Zendesk().Users() {
		names[u.ID] = u.Name
	}
	s := standing{
		Status: t.Status, Subject: t.Subject, Assignee: names[t.AssigneeID], Requester: names[t.RequesterID], Tags: slices.Sorted(slices.Values(t.Tags)),
		Group: a.nameIn("groups", t.GroupID), Organization: a.nameIn("organizations", t.OrganizationID), Fields: map[string]string{},
	}
	for _, id := range t.EmailCCs {
		s.Copied = append(s.Copied, names[id])
	}
	for title, value := range t.Fields {
		if title == fieldCatalog {
			s.Catalogue = strings.Trim(string(value), `"`)
			continue
		}
		s.Fields[title] = string(value)
	}
	for _, c := range a.peers.Zendesk().Comments(ticket) {
		s.Comments = append(s.Comments, map[bool]string{true: "public ", false: "private "}[c.Public]+shortened(c.Body))
	}
	return s
}

// shortened is a comment's words, where a transcript among them is only named.
func shortened(body string) string {
	head, _, is := strings.Cut(body, "Conversa pelo WhatsApp")
	if !is {
		return body
	}
	head = strings.Trim(head, "# \n*")
	return strings.TrimSpace(head + " " + transcript)
}

// nameIn is what something of a list of the helpdesk is called.
func (a *attendance) nameIn(list string, id int64) string {
	a.t.Helper()
	if id == 0 {
		return ""
	}
	for _, item := range a.list(list) {
		if n, _ := item["id"].(float64); int64(n) == id {
			name, _ := item["name"].(string)
			return name
		}
	}
	a.fatalf("no %d among the %s", id, list)
	return ""
}

// mind is a thread as it is stored.
func (a *attendance) mind(session string) conversation.Thread {
	a.t.Helper()
	key, _ := conversation.ThreadOfSession(session)
	raw, err := a.live.Mailboxes.States(context.Background(), []string{key}, conversation.StateField)
	if err != nil || raw[0] == nil {
		a.fatalf("no thread of %s: %v", session, err)
	}
	var t conversation.Thread
	if err := conversation.DecodeState(raw[0], &t); err != nil {
		a.fatalf("%v", err)
	}
	return t
}

// rowOf is what reports know of a conversation.
func (a *attendance) rowOf(session string, started time.Time) report.Row {
	a.t.Helper()
	raw, ok, err := store.NewSummaries(a.r.Client, a.cfg.RedisPrefix).Row(context.Background(), session, started)
	if err != nil || !ok {
		a.t.Errorf("no row of %s: %v", session, err)
		return report.Row{}
	}
	row, err := report.DecodeRow(raw)
	if err != nil {
		a.t.Errorf("the row of %s: %v", session, err)
	}
	return row
}

// notices are the rules of what stands on the supervisors' list.
func (a *attendance) notices() (rules []string) {
	a.t.Helper()
	raw, err := a.live.Mailboxes.States(context.Background(), []string{conversation.AccountPrefix + app.DemoNumber}, conversation.StateField)
	if err != nil {
		a.fatalf("%v", err)
	}
	var kept conversation.Account
	if raw[0] == nil {
		return nil
	}
	if err := conversation.DecodeState(raw[0], &kept); err != nil {
		a.fatalf("%v", err)
	}
	for _, n := range kept.Notices {
		rules = append(rules, n.Rule)
	}
	return rules
}

// passes lets time go by in strides, so that a day does not take one.
func (a *attendance) passes(d time.Duration) {
	a.t.Helper()
	const stride = 20 * time.Minute
	for ; d > 0; d -= stride {
		a.advance(max(min(d, stride)-2*time.Second, 0))
		a.run(2 * time.Second)
	}
}

// writing is the requests that change something.
func (c costs) writing() costs {
	own := costs{}
	for endpoint, n := range c {
		if !strings.HasPrefix(endpoint, "GET ") {
			own[endpoint] = n
		}
	}
	return own
}

// outcome is a story of the auditor: how a conversation comes to where something is found, and what is then done, exactly.
type outcome struct {
	begin func(a *attendance) (session string)
	// early is how long nothing is found yet, late by when it is.
	early, late time.Duration
	want        string
	corrections []string
	change      func(a *attendance, s *standing)
	writes      int // requests that change something, all of them updates of the ticket
	state       string
	end         string // the outcome of its end
	attention   bool
	notices     []string
}

// plays tells the story, and wants what the auditor does to stand by itself: nothing else is changed, said or done twice.
func (o outcome) plays(t *testing.T, n settings.Number) {
	t.Helper()
	a := attend(t, n)
	session := o.begin(a)
	ticket := a.ticket().ID
	before, told, noticed := a.stands(ticket), a.phone(mariana), a.notices()
	had, cost := a.mind(session), a.costs()
	a.passes(o.early)
	a.wantSame("too early", ticket, before)
	if spent := a.costs().since(cost).writing(); spent.sum() > 0 {
		t.Errorf("too early: %s", spent)
	}
	a.wantNoVerdict(session)

	a.passes(o.late - o.early)
	want := before
	want.Tags, want.Comments = slices.Clone(before.Tags), slices.Clone(before.Comments)
	o.change(a, &want)
	slices.Sort(want.Tags)
	a.wantSame("judged", ticket, want)
	if spent := a.costs().since(cost); spent.writing().sum() != o.writes {
		t.Errorf("the verdict costs %s", spent)
	}
	o.wantVerdict(a, session, had)
	if got := a.notices()[len(noticed):]; !slices.Equal(got, o.notices) {
		t.Errorf("the supervisors' list gained %q, want %q", got, o.notices)
	}

	for _, c := range a.peers.Zendesk().Comments(ticket) {
		if c.Public && (strings.Contains(c.Body, "Configuração que decidiu") || strings.Contains(c.Body, "Auditoria:")) {
			t.Errorf("the customer may read how the audit came to it: %s", c.Body)
		}
	}
	after := a.mind(session)
	for _, later := range []time.Duration{12 * time.Minute, 3 * time.Hour} {
		cost = a.costs()
		a.passes(later)
		a.wantSame(later.String()+" later", ticket, want)
		if spent := a.costs().since(cost).writing(); spent.sum() > 0 {
			t.Errorf("%s later: %s", later, spent)
		}
		o.wantVerdict(a, session, after)
	}
	if got := a.phone(mariana); !slices.Equal(got, told) {
		t.Errorf("the customer was told %q", got[len(told):])
	}
	a.wantQuiet()
}

// wantSame wants a ticket to stand exactly so.
func (a *attendance) wantSame(when string, ticket int64, want standing) {
	a.t.Helper()
	if diff := cmp.Diff(want, a.stands(ticket), cmpopts.EquateEmpty()); diff != "" {
		a.t.Errorf("%s, ticket %d (-want +got):\n%s", when, ticket, diff)
	}
}

// wantNoVerdict wants nothing to be found of a conversation.
func (a *attendance) wantNoVerdict(session string) {
	a.t.Helper()
	if v := a.mind(session).Conversation.Audited; v != nil && !v.At.IsZero() {
		a.t.Errorf("judged %s: %s", v.Outcome, v.Evidence)
	}
}

// wantVerdict wants the conversation, and its row for reports, to be as the outcome says, and the rest of it as it was.
func (o outcome) wantVerdict(a *attendance, session string, had conversation.Thread) {
	a.t.Helper()
	c := a.mind(session).Conversation
	v := c.Audited
	if v == nil || v.Outcome != o.want || !slices.Equal(v.Corrections, o.corrections) || v.Evidence == "" {
		a.t.Errorf("the verdict is %+v, want %s %q", v, o.want, o.corrections)
		return
	}
	if string(c.State) != o.state || c.Procedure.Outcome != o.end || c.Clock.Attention != o.attention {
		a.t.Errorf("the conversation is %s, ended %q, attention %v; want %s, %q, %v", c.State, c.Procedure.Outcome, c.Clock.Attention, o.state, o.end, o.attention)
	}
	if c.Owner != had.Conversation.Owner || c.Survey != nil && had.Conversation.Survey == nil || c.Procedure.Queue != had.Conversation.Procedure.Queue {
		a.t.Errorf("the conversation is %+v, was %+v", c, had.Conversation)
	}
	row := a.rowOf(session, c.Started)
	if s := row.Summary; s.Audited == nil || s.Audited.Outcome != o.want || !slices.Equal(s.Audited.Corrections, o.corrections) ||
		s.Audited.Evidence != v.Evidence || string(s.State) != o.state || s.End != o.end {
		a.t.Errorf("the row is %+v", s)
	}
}

// tagged adds tags to a ticket that is wanted.
func (s *standing) tagged(tags ...string) { s.Tags = append(s.Tags, tags...) }

// says adds a comment.
func (s *standing) says(comment string) { s.Comments = append(s.Comments, comment) }

// recatalogued gives it another value of the catalogue; its tag follows.
func (s *standing) recatalogued(tag string) {
	s.Tags = slices.DeleteFunc(s.Tags, func(have string) bool { return have == s.Catalogue && have != "" })
	s.Catalogue = tag
	s.tagged(tag)
}

// registers makes an organisation in Zendesk, with somebody who opens its tickets, whose name it returns.
func (a *attendance) registers(name, cnpj string) (owner string) {
	a.t.Helper()
	owner = "Dono da " + name
	token := map[string]string{"Authorization": "Bearer demo"}
	post := func(path string, body fields) int64 {
		raw, err := json.Marshal(body)
		if err != nil {
			a.fatalf("%v", err)
		}
		out := a.call(http.MethodPost, "/sandbox/zendesk/api/v2"+path, token, "application/json", raw)
		for _, v := range out {
			if o, ok := v.(map[string]any); ok {
				if id, ok := o["id"].(float64); ok {
					return int64(id)
				}
			}
		}
		a.fatalf("%s is answered %v", path, out)
		return 0
	}
	organization := post("/organizations", fields{"organization": fields{
		"name": name, "organization_fields": fields{"cnpj": cnpj, "pendencia_financeira": "não"},
	}})
	user := post("/users", fields{"user": fields{"name": owner, "email": "dono@" + strings.ToLower(strings.Fields(name)[0]) + ".example", "organization_id": organization}})
	post("/tickets", fields{"ticket": fields{"subject": "Pedido antigo", "requester_id": user, "comment": fields{"body": "olá"}}})
	a.run(10 * time.Minute) // until the search finds them
	return owner
}
