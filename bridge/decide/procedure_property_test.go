package decide_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
	"github.com/ponte-desk/ponte/bridge/settings"
)

// farewell is the closing text of the plays.
const farewell = "FIM"

// play is a thread to which anything may happen, in any order.
type play struct {
	thread conversation.Thread
	set    settings.Number
	now    time.Time
	nextID int64
	seen   []conversation.Result // that came already
}

func newPlay(t *rapid.T) *play {
	p := &play{thread: conversation.NewThread("100", "c1"), set: settings.Default(), now: at(0)}
	p.set.Says.Closing = farewell
	p.set.Mode = rapid.SampledFrom([]settings.Mode{settings.ModeMirror, settings.ModeTranscript}).Draw(t, "mode")
	p.set.Transcript.AtEnd = rapid.SampledFrom([]settings.Visibility{settings.TranscriptNone, settings.TranscriptPrivate}).Draw(t, "transcript")
	p.set.Attendance = rapid.SampledFrom([]settings.Attendance{settings.AttendanceDaily, settings.AttendanceTicket}).Draw(t, "attendance")
	p.set.Organizations.Check = rapid.Bool().Draw(t, "check")
	p.set.Organizations.Unknown = rapid.SampledFrom([]settings.UnknownContact{
		settings.UnknownCreate, settings.UnknownQueue, settings.UnknownRefuse,
	}).Draw(t, "unknown")
	p.set.Ending.AfterSolved = rapid.SampledFrom([]settings.AfterSolved{settings.AfterReopen, settings.AfterNew}).Draw(t, "after solved")
	if rapid.Bool().Draw(t, "bot") {
		p.set.Bot = settings.Bot{Kind: settings.BotOwn, Tries: 3, AskEmail: rapid.Bool().Draw(t, "ask e-mail"), Menu: []settings.MenuOption{
			{Title: "Fiscal", Do: settings.MenuQueue, Queue: "Fiscal"},
			{Title: "Posição", Do: settings.MenuPosition},
			{Title: "Endereço", Do: settings.MenuAnswer, Answer: "Rua A, 1."},
		}}
	}
	return p
}

func (p *play) id() int64 {
	p.nextID++
	return p.nextID
}

// say lets the customer write.
func (p *play) say(t *rapid.T) {
	text := rapid.SampledFrom([]string{
		"oi", "11.222.333/0001-81", "11444777000161", "11.222.333/0001-80", "1", "2", "3", "Fiscal", "Alfa", "123", "ana@alfa.example",
		"obrigado", "👍", "não", "falar com atendente", "menu",
	}).Draw(t, "text")
	id := fmt.Sprintf("m%d", p.id())
	late := time.Duration(rapid.SampledFrom([]int{0, 0, 0, 25}).Draw(t, "hours late")) * time.Hour
	p.decide(t, conversation.Event{
		Kind: conversation.EventMessage, ID: id, Contact: &conversation.Contact{Name: "Ana", WaID: "5511987654321"},
		Message: &conversation.Message{ID: id, Type: "text", Text: text, Sent: p.now.Add(-late)},
	})
}

// ask lets an agent ask for something.
func (p *play) ask(t *rapid.T) {
	c := conversation.Command{
		ID: fmt.Sprintf("c%d", p.id()), Agent: rapid.SampledFrom([]conversation.Agent{ana(), bento(), {}}).Draw(t, "agent"),
		Kind: rapid.SampledFrom([]conversation.CommandKind{
			conversation.CommandReply, conversation.CommandNote, conversation.CommandTemplate, conversation.CommandStart, conversation.CommandStop,
			conversation.CommandRestart, conversation.CommandOpen, conversation.CommandTake, conversation.CommandTransfer, conversation.CommandN2,
			conversation.CommandClose, conversation.CommandCancel, conversation.CommandIdentify, conversation.CommandOverride, conversation.CommandPosition,
		}).Draw(t, "command"),
		Text: "palavras", Subject: "assunto", Catalogue: "catálogo", Reason: "motivo", CNPJ: alfaCNPJ,
		Folder: rapid.SampledFrom([]string{conversation.FolderDone, conversation.FolderPending}).Draw(t, "folder"),
		Fields: map[string]string{conversation.FieldSummary: "resumo"},
	}
	switch rapid.IntRange(0, 2).Draw(t, "to") {
	case 0:
		c.To = bento()
	case 1:
		c.Group = "Fiscal"
	}
	if c.Kind == conversation.CommandTemplate || c.Kind == conversation.CommandStart {
		c.Template = &conversation.Template{Name: "oi", Language: "pt_BR"}
	}
	if c.Kind == conversation.CommandPosition {
		c.Ticket = 123
	}
	if p.thread.Conversation != nil {
		c.Session = p.thread.Conversation.Session
	}
	p.decide(t, conversation.Event{Kind: conversation.EventCommand, Command: &c})
}

// hint tells that the ticket may have changed.
func (p *play) hint(t *rapid.T) {
	if c := p.thread.Conversation; c != nil {
		p.decide(t, conversation.Event{Kind: conversation.EventHint, Hint: &conversation.Hint{Ticket: c.Ticket.ID, UpdatedAt: p.updated(t)}})
	}
}

// updated is when a ticket was changed last; stale news are possible.
func (p *play) updated(t *rapid.T) time.Time {
	return p.now.Add(-time.Duration(rapid.SampledFrom([]int{0, 0, 1, 600}).Draw(t, "seconds old")) * time.Second)
}

// pass lets time pass, and what is due happen.
func (p *play) pass(t *rapid.T) {
	p.now = p.now.Add(time.Duration(rapid.SampledFrom([]int{1, 11, 30, 400, hour, 7 * hour, 13 * hour, 25 * hour}).Draw(t, "seconds")) * time.Second)
	for range 10 {
		due := decide.Deadline(p.thread, p.set)
		if due.IsZero() || due.After(p.now) {
			return
		}
		p.take(t, "time", func(thread conversation.Thread) decide.Decision { return decide.Due(thread, p.set, p.now) })
	}
	t.Fatalf("there is always something due: %v at %v", decide.Deadline(p.thread, p.set), p.now)
}

// begin lets a worker begin something that may be done; its result may come at any time, or never.
func (p *play) begin(t *rapid.T) {
	if ready := p.thread.Outbox.Ready(p.now); len(ready) > 0 {
		own := p.thread.Outbox.Find(rapid.SampledFrom(ready).Draw(t, "ready").Effect.ID)
		own.Running, own.Frozen = true, true
	}
}

// finish brings the result of something that was begun.
func (p *play) finish(t *rapid.T) {
	var running []conversation.Pending
	for _, w := range slices.Concat(p.thread.Outbox.Ticket, p.thread.Outbox.Phone, p.thread.Outbox.Background) {
		if w.Running {
			running = append(running, w)
		}
	}
	if len(running) == 0 {
		return
	}
	w := rapid.SampledFrom(running).Draw(t, "running")
	r := p.result(t, w.Effect)
	r.Effect, r.Kind = w.Effect.ID, w.Effect.Kind
	p.seen = append(p.seen, r)
	p.decide(t, conversation.Event{Kind: conversation.EventResult, Result: &r})
}

// work begins and finishes.
func (p *play) work(t *rapid.T) {
	p.begin(t)
	p.finish(t)
}

// repeat brings a result a second time.
func (p *play) repeat(t *rapid.T) {
	if len(p.seen) > 0 {
		r := rapid.SampledFrom(p.seen).Draw(t, "seen")
		p.decide(t, conversation.Event{Kind: conversation.EventResult, Result: &r})
	}
}

func (p *play) result(t *rapid.T, e conversation.Effect) conversation.Result {
	switch rapid.SampledFrom([]string{"done", "done", "done", "done", "later", "failed"}).Draw(t, "outcome") {
	case "later":
		return conversation.Result{Outcome: conversation.Later, NotBefore: p.now.Add(20 * time.Second)}
	case "failed":
		return p.failure(t, e)
	}
	r := conversation.Result{Outcome: conversation.Done}
	switch {
	case e.Kind == conversation.EffectUser:
		r.User = contactUser
	case e.Kind == conversation.EffectNumber:
		r.Number = "260302-007"
	case e.Kind == conversation.EffectIdentify:
		id := p.identity(t)
		id.Ask = *e.Ask
		r.Identity = &id
	case e.Kind == conversation.EffectFind:
		r.Position = &conversation.Position{
			Ticket: e.Hint.Ticket, Found: rapid.Bool().Draw(t, "found"), Status: "open", Organization: alfaID,
			Expected: rapid.SampledFrom([]string{"", "2026-03-09"}).Draw(t, "expected"),
		}
	case e.Kind == conversation.EffectPull:
		r.Pulled = p.pulled(t, *e.Hint)
	case e.Send != nil:
		r.Sent = &conversation.Sent{MessageID: "w" + e.ID}
	case e.Kind.Lane() == conversation.LaneTicket:
		r.Ticket = p.ticket(t)
		if e.Kind == conversation.EffectCreate {
			r.Ticket.ID = 1000 + p.id()
		}
	}
	return r
}

// failure is of the kinds that the effect may end in.
func (p *play) failure(t *rapid.T, e conversation.Effect) conversation.Result {
	r := conversation.Result{Outcome: conversation.Failed, Reason: "no"}
	switch {
	case e.Kind == conversation.EffectNumber || e.Kind == conversation.EffectCreate || e.Kind == conversation.EffectUser:
		return conversation.Result{Outcome: conversation.Later, NotBefore: p.now.Add(20 * time.Second)} // these are tried for ever
	case e.Send != nil:
		r.Code = rapid.SampledFrom([]string{"", conversation.CodeWindow}).Draw(t, "code")
	case e.Change != nil && e.Change.Contested():
		r.Code, r.Ticket = conversation.CodeConflict, p.ticket(t)
	case e.Kind == conversation.EffectComment:
		r.Code = rapid.SampledFrom([]string{conversation.CodeTicketClosed, conversation.CodeTicketGone}).Draw(t, "code")
	}
	return r
}

// facts is how a ticket may be.
func (p *play) facts(t *rapid.T) conversation.Facts {
	f := conversation.Facts{Status: rapid.SampledFrom([]string{"new", "open", "pending", "hold", "solved", "closed"}).Draw(t, "status")}
	for _, fact := range []struct {
		to   **int64
		from []int64
	}{{&f.Group, []int64{groupN1, groupN2, groupFinance}}, {&f.Assignee, []int64{0, agent, 801}}, {&f.Organization, []int64{0, alfaID, betaID}}} {
		n := rapid.SampledFrom(fact.from).Draw(t, "fact")
		*fact.to = &n
	}
	f.GroupName = map[int64]string{groupN1: "Suporte N1", groupN2: "Suporte N2", groupFinance: ""}[*f.Group]
	f.AssigneeName = map[int64]string{0: "", agent: "Ana Beatriz", 801: ""}[*f.Assignee]
	return f
}

func (p *play) ticket(t *rapid.T) *conversation.TicketResult {
	f := p.facts(t)
	r := &conversation.TicketResult{Status: f.Status, Facts: f, UpdatedAt: p.now, Comments: []int64{p.id()}}
	if c := p.thread.Conversation; c != nil {
		r.ID = c.Ticket.ID
	}
	return r
}

func (p *play) pulled(t *rapid.T, h conversation.Hint) *conversation.Pulled {
	f := p.facts(t)
	out := &conversation.Pulled{Status: f.Status, At: p.now, Hint: h, Facts: f}
	switch rapid.SampledFrom([]string{"", "", "agent", "e-mail"}).Draw(t, "comment") {
	case "agent":
		out.Comments = []conversation.Pull{{ID: p.id(), Author: agent, Staff: true, Public: true, Texts: []string{"resposta"}, Created: p.now}}
	case "e-mail":
		out.Comments = []conversation.Pull{{ID: p.id(), Author: contactUser, Public: true, Channel: "email", Texts: []string{"por e-mail"}, Created: p.now}}
	}
	return out
}

func (p *play) identity(t *rapid.T) conversation.Identity {
	id := conversation.Identity{
		User:      rapid.SampledFrom([]int64{0, contactUser}).Draw(t, "user"),
		Email:     rapid.SampledFrom([]string{"", "ana@alfa.example"}).Draw(t, "e-mail"),
		Requester: rapid.SampledFrom([]int64{0, 701}).Draw(t, "requester"),
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "organisations") {
		id.Organizations = append(id.Organizations, conversation.Organization{
			ID: int64(alfaID + n), Name: []string{"Alfa", "Beta", ""}[n], CNPJ: []string{alfaCNPJ, betaCNPJ, ""}[n],
			At: p.now.Add(-time.Duration(rapid.SampledFrom([]int{0, 0, 0, 90}).Draw(t, "seconds ago")) * time.Second),
			Pending: rapid.SampledFrom([]conversation.PendingAnswer{
				conversation.PendingNo, conversation.PendingNo, conversation.PendingYes, conversation.PendingEmpty, conversation.PendingUnknown,
			}).Draw(t, "pending"),
		})
	}
	return id
}

func (p *play) decide(t *rapid.T, e conversation.Event) {
	e.At = p.now
	p.take(t, string(e.Kind), func(thread conversation.Thread) decide.Decision { return decide.Thread(thread, e, p.set, p.now) })
}

// take takes a decision, and checks everything that is to hold for it.
func (p *play) take(t *rapid.T, what string, by func(conversation.Thread) decide.Decision) {
	before := p.thread
	stored := encode(t, before)
	got := by(before)
	if now := encode(t, before); now != stored {
		t.Fatalf("%s changes the thread it was given:\n%s\n%s", what, stored, now)
	}
	if diff := cmp.Diff(got, by(reread(t, before)), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%s is decided otherwise about the thread as it was stored (-kept +stored):\n%s", what, diff)
	}
	p.thread = got.Thread
	checkStates(t, before, got)
	checkOwner(t, got.Thread)
	checkEnd(t, got.Thread)
	checkSends(t, before, got, p)
	checkFarewell(t, before, got)
	checkBot(t, got.Thread)
}

func encode(t *rapid.T, v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// reread is a thread as it is read from where it was stored; what workers are at is not.
func reread(t *rapid.T, thread conversation.Thread) conversation.Thread {
	var back conversation.Thread
	if err := json.Unmarshal([]byte(encode(t, thread)), &back); err != nil {
		t.Fatal(err)
	}
	for _, lanes := range [][2][]conversation.Pending{
		{thread.Outbox.Ticket, back.Outbox.Ticket}, {thread.Outbox.Phone, back.Outbox.Phone}, {thread.Outbox.Background, back.Outbox.Background},
	} {
		for i := range lanes[0] {
			lanes[1][i].Running = lanes[0][i].Running
		}
	}
	return back
}

func stateOf(thread conversation.Thread) conversation.State {
	if thread.Conversation == nil {
		return conversation.StateNone
	}
	return thread.Conversation.State
}
