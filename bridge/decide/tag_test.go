package decide_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/settings"
)

func tag(add ...string) conversation.Command {
	return conversation.Command{Kind: conversation.CommandTag, Agent: ana(), Add: add}
}

func untag(remove ...string) conversation.Command {
	return conversation.Command{Kind: conversation.CommandTag, Agent: ana(), Remove: remove}
}

// tags is the conversation's, and what its timeline says of them.
func (w *world) wantTags(tags []string, timeline ...string) {
	w.t.Helper()
	if diff := cmp.Diff(tags, w.thread.Conversation.Tags); diff != "" {
		w.t.Errorf("tags (-want +got):\n%s", diff)
	}
	var told []string
	for _, e := range w.transcript {
		if e.Type == "tags" {
			told = append(told, e.Text)
		}
	}
	if diff := cmp.Diff(timeline, told); diff != "" {
		w.t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

// TestTag wants tags on the conversation, in its timeline and, in one update, on the ticket.
func TestTag(t *testing.T) {
	t.Parallel()
	for _, mode := range []settings.Mode{settings.ModeMirror, settings.ModeTranscript} {
		w := opened(t)
		w.set.Mode = mode
		w.wantOK(tag("VIP", "Nota fiscal", "vip"))
		w.wantTags([]string{"vip", "nota_fiscal"}, "Etiquetas incluídas: vip, nota_fiscal (Ana Beatriz)")
		before := w.thread.Clone()
		w.wantOK(tag("vip"))
		if diff := cmp.Diff(before, w.thread); diff != "" {
			t.Errorf("tagged again (-before +after):\n%s", diff)
		}
		both := tag("fiscal")
		both.Remove = []string{"Nota_Fiscal", "fiscal"}
		w.wantOK(both)
		w.wantTags([]string{"vip", "fiscal"}, "Etiquetas incluídas: vip, nota_fiscal (Ana Beatriz)",
			"Etiquetas incluídas: fiscal. Etiquetas retiradas: nota_fiscal (Ana Beatriz)")
		w.wantLane("update")
		want := conversation.Change{Agent: ana(), Tags: []string{"vip", "fiscal"}, Untags: []string{"nota_fiscal"}}
		if diff := cmp.Diff(want, w.changes()); diff != "" {
			t.Errorf("%s: change (-want +got):\n%s", mode, diff)
		}
		w.wantState(conversation.StateQueued)
	}
}

// TestTagRidesAlong wants no update of its own where one is on its way.
func TestTagRidesAlong(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.set.Mode = settings.ModeTranscript
	w.wantOK(tag("vip"))
	w.wantOK(conversation.Command{Kind: conversation.CommandTake, Agent: ana()})
	w.wantLane("update")
	w = opened(t)
	w.says("e a nota?")
	w.wantOK(tag("vip"))
	w.wantLane("comment customer public: e a nota?")
	if c := w.changes(); !slices.Equal(c.Tags, []string{"vip"}) {
		t.Errorf("change is %+v", c)
	}
}

// TestTagBeforeTheTicket wants tags to be kept until there is a ticket, and to be on it from the start.
func TestTagBeforeTheTicket(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.says("oi")
	w.wantOK(tag("vip"))
	w.wantLane("user", "create customer public: oi") // it is on its way
	if c := w.changes(); !slices.Equal(c.Tags, []string{"vip"}) {
		t.Errorf("change is %+v", c)
	}
	w = setup(t)
	w.says("oi")
	w.thread.Outbox.Ticket = nil // as when nobody has decided yet whose it is
	w.wantOK(tag("vip"))
	w.wantOK(untag("outra"))
	w.wantTags([]string{"vip"}, "Etiquetas incluídas: vip (Ana Beatriz)")
	w.wantLane()
	w.says("alô?")
	w.wantLane("user", "create customer public: alô?")
	if c := w.changes(); !slices.Equal(c.Tags, []string{"vip"}) {
		t.Errorf("change is %+v", c)
	}
}

// TestTagOnFollowUp wants tags on the ticket that follows a closed one.
func TestTagOnFollowUp(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.wantOK(tag("vip"))
	w.second += 60
	w.attempt(conversation.EffectUpdate, conversation.Result{Outcome: conversation.Done, Ticket: &conversation.TicketResult{
		ID: ticket, Status: "new", Facts: conversation.Facts{Tags: []string{"vip"}, TagsKnown: true},
	}})
	w.says("ainda?")
	w.second += 60
	w.attempt(conversation.EffectComment, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeTicketClosed})
	w.wantLane("create customer public: ainda?")
	w.wantTags([]string{"vip"}, "Etiquetas incluídas: vip (Ana Beatriz)")
	if c := w.changes(); !slices.Equal(c.Tags, []string{"vip"}) {
		t.Errorf("change is %+v", c)
	}
}

func TestTagRefused(t *testing.T) {
	t.Parallel()
	w := opened(t)
	w.set.Tags = []string{"whatsapp"}
	w.wantRefused(tag(), conversation.RefusedEmpty)
	w.wantRefused(tag("ok", "#urgente"), conversation.RefusedTag)
	w.wantRefused(untag("a,b"), conversation.RefusedTag)
	w.wantRefused(untag("WhatsApp"), conversation.RefusedTag)
	w.thread.Conversation.Ticket.Status = "closed"
	w.wantRefused(tag("vip"), conversation.RefusedTicket)
	w.thread.Conversation.Ticket.Status = "solved"
	w.thread.Conversation.State = conversation.StateClosed
	w.wantOK(tag("vip")) // after the end as well
}

// TestTagTakenOff wants others' tags to be taken off the ticket where it has them, or may have them.
func TestTagTakenOff(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		known bool
		tags  []string
		want  []string
	}{
		"not known":    {false, nil, []string{"macro"}},
		"it has it":    {true, []string{"macro", "x"}, []string{"macro"}},
		"it has none":  {true, nil, nil},
		"it has other": {true, []string{"x"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := opened(t)
			w.thread.Conversation.Ticket.Tags, w.thread.Conversation.Ticket.TagsKnown = tt.tags, tt.known
			w.wantOK(untag("Macro"))
			if got := w.changes().Untags; !slices.Equal(got, tt.want) {
				t.Errorf("taken off: %q, want %q", got, tt.want)
			}
		})
	}
}

// TestTagsTakenOffInZendesk wants what people did in Zendesk taken over, and not what is on its way there.
func TestTagsTakenOffInZendesk(t *testing.T) {
	t.Parallel()
	facts := func(tags ...string) conversation.Facts { return conversation.Facts{Tags: tags, TagsKnown: true} }
	w := opened(t)
	w.wantOK(tag("vip", "fiscal"))
	pulled := func(f conversation.Facts) {
		t.Helper()
		w.hint(conversation.Hint{Ticket: ticket})
		p := w.start(conversation.EffectPull)
		w.result(p, conversation.Result{Outcome: conversation.Done, Pulled: &conversation.Pulled{Status: "new", At: at(w.second), Hint: *p.Effect.Hint, Facts: f}})
	}
	const first = "Etiquetas incluídas: vip, fiscal (Ana Beatriz)"
	pulled(facts("x"))
	w.wantTags([]string{"vip", "fiscal"}, first) // they are on their way
	w.second += 60
	w.attempt(conversation.EffectUpdate, conversation.Result{Outcome: conversation.Failed, Code: conversation.CodeConflict, Ticket: &conversation.TicketResult{
		ID: ticket, Status: "new", Facts: facts("x", "y"),
	}})
	w.wantTags([]string{"vip", "fiscal"}, first) // they still are
	w.attempt(conversation.EffectUpdate, conversation.Result{Outcome: conversation.Done, Ticket: &conversation.TicketResult{
		ID: ticket, Status: "new", Facts: facts("x", "y", "vip", "fiscal"),
	}})
	w.wantTags([]string{"vip", "fiscal"}, first)
	pulled(facts("x", "fiscal"))
	w.wantTags([]string{"fiscal"}, first, "Etiquetas retiradas no ticket: vip")
	w.wantReason("tags taken off on the ticket")
	pulled(conversation.Facts{})
	w.wantTags([]string{"fiscal"}, first, "Etiquetas retiradas no ticket: vip")
}
