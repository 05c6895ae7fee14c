package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/audit/classify"
	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// TestStateOfSchemaThree lets the present binary finish what one of schema 3 left behind in the middle of the procedure, with everything
// that goes by time switched on. It is a Tuesday, half past eleven in São Paulo.
func TestStateOfSchemaThree(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) *testredis.Redis{
		"miniredis": testredis.Mini, "redis": func(tb testing.TB) *testredis.Redis { tb.Helper(); return testredis.Server(tb) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := upgraded{inherit(t, open(t), "state_v3.json", func() settings.Number {
				n := procedure(settings.ModeMirror)
				n.Reminders = []time.Duration{30 * time.Minute, time.Hour}
				return n
			})}
			before := h.phones()
			h.leap(3*time.Minute, time.Second)
			words := map[string][]string{
				"bot": {"bot-m1"}, "uncreated": {"uncreated-m1"}, "queued": {"queued-m1"}, "taken": {"taken-m1", "taken-m2", "taken-m3"},
				"pending": {"pending-m1", "pending-m2"}, "transferred": {"transferred-m1"}, "expired": {"expired-m1"}, "kept": {"kept-m1"},
				"closed": {"closed-m1"}, "closing": {"closing-m1"}, "second": {"second-m1"},
			}
			tickets := h.wantTickets(words)
			if diff := cmp.Diff(before, h.phones()); diff != "" { // everything was said before
				t.Errorf("the upgrade itself says (-before +after):\n%s", diff)
			}
			h.wantEnds(tickets)
			h.wantSettled()

			h.wantFirstCommit(tickets)
			h.wantJudged("expired", "solved", tickets)
			words["expired"] = append(words["expired"], "expired-m1") // in the transcript, which the auditor shows
			h.goOn(words, tickets)
			h.wantLeftAlone(tickets)
		})
	}
}

// upgraded is an installation of schema 3 under the present binary.
type upgraded struct{ heir }

// key is the mailbox of a customer's thread.
func (h upgraded) key(name string) string {
	h.t.Helper()
	for key, state := range h.field("s") {
		var t conversation.Thread
		if _, _, ok := conversation.ParseKey(key); !ok || json.Unmarshal([]byte(state), &t) != nil || t.Contact.WaID == "" {
			continue
		}
		for _, c := range h.peers.WhatsApp().Customers() {
			if c.ID == h.Customers[name] && c.BSUID == t.Contact.UserID {
				return key
			}
		}
	}
	h.t.Fatalf("%s has no thread", name)
	return ""
}

// thread is what is stored of a customer.
func (h upgraded) thread(name string) (t conversation.Thread) {
	h.t.Helper()
	if err := json.Unmarshal([]byte(h.field("s")[h.key(name)]), &t); err != nil {
		h.t.Fatal(err)
	}
	return t
}

// phones is all that the customers were told.
func (h upgraded) phones() map[string][]string {
	h.t.Helper()
	said := map[string][]string{}
	for name, id := range h.Customers {
		said[name] = (&attendance{world: h.world}).phone(id)
	}
	return said
}

// told counts how often a customer was told any of these.
func (h upgraded) told(name string, words ...string) (n int) {
	h.t.Helper()
	for _, text := range (&attendance{world: h.world}).phone(h.Customers[name]) {
		for _, w := range words {
			n += strings.Count(text, w)
		}
	}
	return n
}

// The texts that time brings, and those of an end.
func ofTime() []string {
	return []string{"fila de atendimento", "nenhum atendente", "ainda precisa de ajuda", "Ainda não recebemos", "Ainda aguardamos", "Avalia"}
}

const saysClosed = "Agradecemos o seu contato"

// leap lets d pass in big steps.
func (h upgraded) leap(d, step time.Duration) {
	h.t.Helper()
	const rest = 250 * time.Millisecond
	for ; d > 0; d -= step {
		h.mu.Lock()
		h.now = h.now.Add(step - rest)
		h.mu.Unlock()
		if h.r.Mini != nil {
			h.r.Mini.SetTime(h.clock())
		}
		h.pass(rest)
	}
}

// note has an agent write an internal note, of which no customer hears.
func (h upgraded) note(ticket int64) {
	h.t.Helper()
	if _, err := h.peers.Zendesk().AgentComment(ticket, h.ana(), "visto", false); err != nil {
		h.t.Fatal(err)
	}
}

// wantEnds wants what ended to have ended once.
func (h upgraded) wantEnds(tickets map[string]int64) {
	h.t.Helper()
	for name, ticket := range tickets {
		want := map[string]int{"closed": 1, "closing": 1}[name]
		if n := h.told(name, saysClosed); n != want {
			h.t.Errorf("%s is told of the end %d times, want %d", name, n, want)
		}
		if name == "second" {
			want = 1
		}
		n, status := 0, ""
		for _, c := range h.peers.Zendesk().Comments(ticket) {
			n += strings.Count(c.Body, "Conversa pelo WhatsApp")
		}
		for _, t := range h.tickets() {
			if t.ID == ticket {
				status = t.Status
			}
		}
		if n != want || (status == "solved") != (want == 1 && name != "second") {
			h.t.Errorf("the ticket of %s is %s with %d transcripts, want %d", name, status, n, want)
		}
	}
}

// wantSettled wants nothing waiting but what waits for a customer, nothing dead, halted or forgotten.
func (h upgraded) wantSettled() {
	h.t.Helper()
	ctx := h.t.Context()
	st, err := h.live.Mailboxes.Stats(ctx)
	if err != nil || st.Dead != 0 || st.Halted != 0 || st.Due != 0 || st.Running != 0 {
		h.t.Errorf("the mailboxes stand at %+v (%v)", st, err)
	}
	if n, err := h.live.Mailboxes.Repair(ctx); n != 0 || err != nil {
		h.t.Errorf("%d mailboxes that nobody would have woken (%v)", n, err)
	}
	for name := range h.Customers {
		o := h.thread(name).Outbox
		for _, p := range slices.Concat(o.Ticket, o.Phone, o.Background) {
			if p.Held != conversation.HoldBot && p.Held != conversation.HoldWindow {
				h.t.Errorf("of %s is left %+v", name, p)
			}
		}
	}
	h.wantSchema("sys|")
}

// wantFirstCommit wants the conversation that has been in the queue since before the upgrade in its place there as soon as anything
// happens to it, and the customer told once that it waits.
func (h upgraded) wantFirstCommit(tickets map[string]int64) {
	h.t.Helper()
	if _, in := h.view(conversation.ViewQueue + queueN1)["queued"]; in {
		h.t.Error("there were no such views in schema 3")
	}
	h.note(tickets["queued"])
	h.note(tickets["expired"])
	h.leap(time.Minute, time.Second)
	c := h.thread("queued").Conversation
	if !c.Clock.Queued.Equal(c.Started) || c.Clock.First {
		h.t.Errorf("it began at %v and has the clock %+v", c.Started, c.Clock)
	}
	if got, want := h.view(conversation.ViewQueue + queueN1)["queued"], conversation.WaitScore(c.Started, false); got != want {
		h.t.Errorf("in the queue with %v, want %v", got, want)
	}
	looks, ended := h.view(conversation.ViewAudit), h.thread("expired").Conversation.Ended
	if at := time.UnixMilli(int64(looks["expired"])); at.Before(ended) || at.After(h.clock()) {
		h.t.Errorf("the auditor looks at what ended at %v at %v", ended, at)
	}
	if at := time.UnixMilli(int64(looks["queued"])); !at.After(c.Started) || at.After(c.Started.Add(conversation.ServiceWindow)) {
		h.t.Errorf("the auditor looks at what began at %v at %v", c.Started, at)
	}
	h.wantRows("closing", "expired")
	for name := range h.Customers {
		if n, want := h.told(name, ofTime()...), map[string]int{"queued": 1}[name]; n != want {
			h.t.Errorf("%s is told %q", name, h.phones()[name])
		}
	}
	h.wantViews()
}

// wantRows wants the rows for reports of conversations that ended under schema 3 and were touched since.
func (h upgraded) wantRows(names ...string) {
	h.t.Helper()
	kept := map[string]bool{}
	days, err := h.r.Client.Keys(h.t.Context(), h.cfg.RedisPrefix+"row:*").Result()
	if err != nil {
		h.t.Fatal(err)
	}
	for _, day := range days {
		for _, session := range h.r.Client.HKeys(h.t.Context(), day).Val() {
			kept[session] = true
		}
	}
	for _, name := range names {
		if session := h.thread(name).Conversation.Session; !kept[session] {
			h.t.Errorf("%s (%s) has no row among %v", name, session, kept)
		}
	}
}

// view is a view's scores by the customers' names.
func (h upgraded) view(name string) map[string]float64 {
	h.t.Helper()
	members, err := h.live.Mailboxes.IndexMembers(h.t.Context(), name)
	if err != nil {
		h.t.Fatal(err)
	}
	found := map[string]float64{}
	for name := range h.Customers {
		if score, ok := members[h.key(name)]; ok {
			found[name] = score
		}
	}
	return found
}

// wantViews wants the threads that have been written under the present schema in the views where they belong, and in no other.
func (h upgraded) wantViews() {
	h.t.Helper()
	schemas := h.field("_schema")
	want, got := map[string][]string{}, map[string][]string{}
	for key, state := range h.field("s") {
		var t conversation.Thread
		if _, _, ok := conversation.ParseKey(key); !ok || json.Unmarshal([]byte(state), &t) != nil || t.Conversation == nil {
			continue
		}
		views := []string{conversation.ViewState + string(t.Conversation.State)}
		if schemas[key] == strconv.Itoa(conversation.Schema) {
			if queue, ok := t.Queued(); ok {
				views = append(views, conversation.ViewQueue+queue)
			}
			if agent := t.Attends(); agent != 0 {
				views = append(views, fmt.Sprint(conversation.ViewActive, agent))
			}
			if t.Conversation.State == conversation.StatePending {
				views = append(views, fmt.Sprint(conversation.ViewPending, t.Conversation.Owner))
			}
		}
		slices.Sort(views)
		want[key] = views
	}
	for name := range h.names() {
		members, err := h.live.Mailboxes.IndexMembers(h.t.Context(), name)
		if err != nil {
			h.t.Fatal(err)
		}
		for key := range members {
			got[key] = append(got[key], name)
			slices.Sort(got[key])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Errorf("views (-want +got):\n%s", diff)
	}
}

// names is the views that tell where conversations stand.
func (h upgraded) names() map[string]bool {
	h.t.Helper()
	keys, err := h.r.Client.Keys(h.t.Context(), h.cfg.RedisPrefix+"*:ix:*").Result()
	if err != nil {
		h.t.Fatal(err)
	}
	names := map[string]bool{}
	for _, key := range keys {
		_, name, _ := strings.Cut(key, ":ix:")
		for _, prefix := range []string{conversation.ViewState, conversation.ViewQueue, conversation.ViewActive, conversation.ViewPending} {
			names[name] = names[name] || strings.HasPrefix(name, prefix)
		}
	}
	maps.DeleteFunc(names, func(_ string, is bool) bool { return !is })
	return names
}

// wantJudged wants the auditor to have judged a conversation that expired, by what schema 3 wrote down of it, and its ticket so.
func (h upgraded) wantJudged(name, status string, tickets map[string]int64) {
	h.t.Helper()
	h.leap(12*time.Minute, 15*time.Second)
	a := h.thread(name).Conversation.Audited
	want := map[string]string{"solved": string(classify.OutcomeClientAbandonment), "open": string(classify.OutcomeAgentAbandonment)}[status]
	if a == nil || a.Outcome != want || a.At.IsZero() || a.Evidence == "" {
		h.t.Errorf("%s is judged %+v, want %s", name, a, want)
	}
	for _, t := range h.tickets() {
		if t.ID == tickets[name] && t.Status != status {
			h.t.Errorf("the ticket of %s is %s, want %s", name, t.Status, status)
		}
	}
}

// goOn has customers write, agents answer and close.
func (h upgraded) goOn(words map[string][]string, tickets map[string]int64) {
	h.t.Helper()
	replies := map[string][]string{}
	for name := range words {
		if slices.Contains([]string{"expired", "kept", "pending", "taken", "transferred", "second", "closed", "closing"}, name) {
			replies[name] = []string{name + "-r1"}
		}
	}
	replies["kept"] = append(replies["kept"], "kept-r2") // once they have written
	for _, text := range []string{cnpjAurora, "asked@aurora.example"} {
		h.says("asked", text)
		h.leap(10*time.Second, time.Second)
	}
	words["asked"] = []string{"asked-m1"}
	for _, name := range []string{"asked", "bot", "uncreated"} {
		h.says(name, menuInvoices)
	}
	h.leap(30*time.Second, time.Second)
	for name := range words {
		if name != "transferred" {
			h.says(name, "e agora? "+name+"-m9")
			words[name] = append(words[name], name+"-m9")
		}
	}
	h.leap(3*time.Minute, time.Second)
	maps.Copy(tickets, h.wantTickets(words))
	h.wantViews()
	open := []string{"queued", "taken", "pending", "bot", "uncreated", "asked"}
	for _, name := range open {
		if _, err := h.peers.Zendesk().AgentComment(tickets[name], h.ana(), "respondo "+name+"-r9", true); err != nil {
			h.t.Fatal(err)
		}
		replies[name] = append(replies[name], name+"-r9")
	}
	h.leap(3*time.Minute, time.Second)
	for name := range words {
		said := slices.DeleteFunc(strings.Fields(strings.Join(h.phones()[name], " ")), func(word string) bool { return !strings.Contains(word, name+"-r") })
		if !slices.Equal(said, replies[name]) {
			h.t.Errorf("on the phone of %s: %v, want %v", name, said, replies[name])
		}
	}
	for _, name := range open {
		if err := h.peers.Zendesk().SetStatus(tickets[name], h.ana(), "solved"); err != nil {
			h.t.Fatal(err)
		}
	}
	h.leap(5*time.Minute, time.Second)
	for _, name := range open {
		if n, state := h.told(name, saysClosed), h.thread(name).Conversation.State; n != 1 || state != conversation.StateClosed {
			h.t.Errorf("%s is %s and told so %d times", name, state, n)
		}
	}
	h.wantViews()
	h.wantSettled()
}

// wantLeftAlone wants the conversation that nobody touched since the upgrade to expire in its time, and then to be judged.
func (h upgraded) wantLeftAlone(tickets map[string]int64) {
	h.t.Helper()
	said := h.phones()["transferred"]
	h.leap(h.thread("transferred").LastInbound.Add(conversation.ServiceWindow).Sub(h.clock())+5*time.Minute, 5*time.Minute)
	h.wantJudged("transferred", "open", tickets)
	if diff := cmp.Diff(said, h.phones()["transferred"]); diff != "" {
		h.t.Errorf("who is left alone is told (-before +after):\n%s", diff)
	}
	h.wantViews()
	h.wantSettled()
	h.wantSchema(app.DemoNumber+"|", "sys|")
}
