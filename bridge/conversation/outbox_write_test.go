package conversation_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// patient is gather where changes without words wait five minutes for others.
var patient = conversation.Coalescing{Quiet: gather.Quiet, Longest: gather.Longest, Settle: 5 * time.Minute}

func update(id string, c conversation.Change) conversation.Effect {
	return conversation.Effect{ID: id, Kind: conversation.EffectUpdate, Change: &c}
}

// with is an effect with a change that rides along.
func with(e conversation.Effect, c conversation.Change) conversation.Effect {
	e.Change = &c
	return e
}

func note(id, text string, second int) conversation.Effect {
	return words(id, text, conversation.AuthorPonte, false, second)
}

// transcript is the whole conversation as a comment, with what the end changes.
func transcript(id string, c conversation.Change) conversation.Effect {
	e := with(note(id, "", 0), c)
	e.Comment.Lines, e.Comment.Transcript = nil, "wa-100-c1-1"
	return e
}

// write is a write of the ticket lane in short.
type write struct {
	ID, Kind, Body string
	Transcript     bool
	Change         conversation.Change
	Due            int // seconds, 0 = at once
}

func writesOf(lane []conversation.Pending) []write {
	var list []write
	for _, p := range lane {
		w := write{ID: p.Effect.ID, Kind: string(p.Effect.Kind)}
		if c := p.Effect.Comment; c != nil {
			w.Body, w.Transcript = c.Body(), c.Transcript != ""
		}
		if p.Effect.Change != nil {
			w.Change = *p.Effect.Change
		}
		if !p.NotBefore.IsZero() {
			w.Due = int(p.NotBefore.Sub(at(0)).Seconds())
		}
		list = append(list, w)
	}
	return list
}

func TestWritesJoin(t *testing.T) {
	t.Parallel()
	type change = conversation.Change
	var (
		group  = change{Group: "N1"}
		solved = change{Status: "solved"}
		macro  = change{Roles: []string{"closing"}}
		both   = change{Group: "N1", Status: "pending"}
	)
	tests := []struct {
		name    string
		effects []conversation.Effect
		want    []write
	}{
		{"an update alone waits for company", []conversation.Effect{update("1", group)}, []write{{"1", "update", "", false, group, 300}}},
		{"two updates", []conversation.Effect{update("1", group), update("2", change{Status: "pending"})}, []write{{"1", "update", "", false, both, 300}}},
		{"update and macro", []conversation.Effect{update("1", group), update("2", macro)}, []write{{"1", "update", "", false, group.With(macro), 300}}},
		{"an update joins a comment", []conversation.Effect{customer("1", "a", 0), update("2", group)}, []write{{"1", "comment", "a", false, group, 20}}},
		{"an update joins a creation", []conversation.Effect{create("1", "a"), update("2", group)}, []write{{"1", "create", "a", false, group, 0}}},
		{"a macro needs the ticket", []conversation.Effect{with(note("1", "a", 0), change{}), update("2", macro)}, []write{{"1", "comment", "a", false, macro, 20}}},
		{"so it joins no creation", []conversation.Effect{createNote("1", "a"), update("2", macro)}, []write{{"1", "create", "a", false, change{}, 0}, {"2", "update", "", false, macro, 300}}},
		{"nor does it with words", []conversation.Effect{createNote("1", "a"), with(note("2", "b", 0), macro)}, []write{{"1", "create", "a", false, change{}, 0}, {"2", "comment", "b", false, macro, 20}}},
		{"a note grows a creation", []conversation.Effect{createNote("1", "a"), with(note("2", "b", 0), group)}, []write{{"1", "create", "a\n\nb", false, group, 0}}},
		{"a comment joins an update", []conversation.Effect{update("1", group), customer("2", "a", 7)}, []write{{"1", "comment", "a", false, group, 27}}},
		{"and brings its change", []conversation.Effect{update("1", group), with(note("2", "a", 7), change{Status: "pending"})}, []write{{"1", "comment", "a", false, both, 27}}},
		{"and grows from then on", []conversation.Effect{update("1", group), customer("2", "a", 7), customer("3", "b", 9)}, []write{{"1", "comment", "a\n\nb", false, group, 29}}},
		{"a transcript joins an update", []conversation.Effect{update("1", group), transcript("2", solved.With(macro))}, []write{{"1", "comment", "", true, group.With(solved).With(macro), 20}}},
		{"an update joins a transcript", []conversation.Effect{transcript("1", solved), update("2", group)}, []write{{"1", "comment", "", true, solved.With(group), 20}}},
		{"no words join a transcript", []conversation.Effect{transcript("1", solved), note("2", "a", 0)}, []write{{"1", "comment", "", true, solved, 20}, {"2", "comment", "a", false, change{}, 20}}},
		{"a transcript joins no words", []conversation.Effect{note("1", "a", 0), transcript("2", solved)}, []write{{"1", "comment", "a", false, change{}, 20}, {"2", "comment", "", true, solved, 20}}},
		{"a macro does not speak with the customer", []conversation.Effect{customer("1", "a", 0), update("2", macro)}, []write{{"1", "comment", "a", false, change{}, 20}, {"2", "update", "", false, macro, 300}}},
		{"nor the customer with a macro", []conversation.Effect{update("1", macro), customer("2", "a", 0)}, []write{{"1", "update", "", false, macro, 300}, {"2", "comment", "a", false, change{}, 20}}},
		{"a pull parts nothing", []conversation.Effect{customer("1", "a", 0), pull("2", conversation.Hint{Ticket: 11}), update("3", group)}, []write{{"1", "comment", "a", false, group, 20}, {"2", "pull", "", false, change{}, 0}}},
		{"a user parts them", []conversation.Effect{update("1", group), {ID: "2", Kind: conversation.EffectUser}, update("3", solved)}, []write{
			{"1", "update", "", false, group, 300}, {"2", "user", "", false, change{}, 0}, {"3", "update", "", false, solved, 300},
		}},
		{"a reopening parts them", []conversation.Effect{update("1", group), {ID: "2", Kind: conversation.EffectReopen}, update("3", solved)}, []write{
			{"1", "update", "", false, group, 300}, {"2", "reopen", "", false, change{}, 0}, {"3", "update", "", false, solved, 300},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := new(conversation.Outbox)
			for _, e := range tt.effects {
				o.Add(e, patient, at(0))
			}
			if diff := cmp.Diff(tt.want, writesOf(o.Ticket), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("lane (-want +got):\n%s", diff)
			}
		})
	}
}

// createNote is a creation with a note of Ponte.
func createNote(id, text string) conversation.Effect {
	e := note(id, text, 0)
	e.Kind = conversation.EffectCreate
	return e
}

// TestUnderWayNothingJoins wants what is being sent, or was maybe sent, to stay as it is.
func TestUnderWayNothingJoins(t *testing.T) {
	t.Parallel()
	o := new(conversation.Outbox)
	o.Add(update("1", conversation.Change{Group: "N1"}), patient, at(0))
	start(t, o, "1")
	o.Add(update("2", conversation.Change{Status: "pending"}), patient, at(0))
	o.Add(customer("3", "a", 0), patient, at(0))
	settle(t, o, conversation.Result{Effect: "1", Outcome: conversation.Unsure, NotBefore: at(15), SentAt: at(0)})
	o.Add(update("4", conversation.Change{Subject: "x"}), patient, at(0))
	want := []write{
		{"1", "update", "", false, conversation.Change{Group: "N1"}, 15},
		{"2", "comment", "a", false, conversation.Change{Status: "pending", Subject: "x"}, 20},
	}
	if diff := cmp.Diff(want, writesOf(o.Ticket), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("lane (-want +got):\n%s", diff)
	}
}

// TestRefusedWritesGrow wants a refused update to take in more, without losing the time that it was given.
func TestRefusedWritesGrow(t *testing.T) {
	t.Parallel()
	o := new(conversation.Outbox)
	o.Add(update("1", conversation.Change{Group: "N1"}), patient, at(0))
	start(t, o, "1")
	settle(t, o, conversation.Result{Effect: "1", Outcome: conversation.Later, NotBefore: at(60)})
	o.Add(customer("2", "a", 10), patient, at(10))
	o.Hurry(at(11))
	want := []write{{"1", "comment", "a", false, conversation.Change{Group: "N1"}, 60}}
	if diff := cmp.Diff(want, writesOf(o.Ticket), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("lane (-want +got):\n%s", diff)
	}
}

// TestJoiningLeavesTheEffectsAlone wants what was decided not to be changed by what comes later.
func TestJoiningLeavesTheEffectsAlone(t *testing.T) {
	t.Parallel()
	list := func() []conversation.Effect {
		return []conversation.Effect{
			update("1", conversation.Change{Tags: []string{"a"}, Fields: map[string]string{"f": "1"}}), with(note("2", "x", 0), conversation.Change{Tags: []string{"b"}}),
			update("3", conversation.Change{Fields: map[string]string{"f": "2"}, Tags: []string{"c"}}), note("4", "y", 1),
		}
	}
	effects, o := list(), new(conversation.Outbox)
	for _, e := range effects {
		o.Add(e, patient, at(0))
	}
	if len(o.Ticket) != 1 {
		t.Fatalf("%d writes", len(o.Ticket))
	}
	if diff := cmp.Diff(list(), effects); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
}

// TestHurry wants nothing that waits for company only to wait any more.
func TestHurry(t *testing.T) {
	t.Parallel()
	o := new(conversation.Outbox)
	o.Hurry(at(0))
	for _, e := range []conversation.Effect{customer("1", "a", 0), update("2", conversation.Change{Roles: []string{"closing"}})} {
		o.Add(e, patient, at(0))
	}
	if got := ready(t, o, 5); got != "" {
		t.Errorf("%q does not wait", got)
	}
	o.Hurry(at(5))
	if got := ready(t, o, 5); got != "1" {
		t.Errorf("after Hurry %q goes", got)
	}
	start(t, o, "1")
	o.Hurry(at(6))
	settle(t, o, conversation.Result{Effect: "1", Outcome: conversation.Done})
	if got := ready(t, o, 5); got != "2" {
		t.Errorf("then %q goes", got)
	}
	o.Hurry(at(900)) // it is not to wait longer either
	if got := ready(t, o, 5); got != "2" {
		t.Errorf("hurried twice, %q goes", got)
	}
}

// TestHold wants held writes to wait whatever the time, and nothing else to wait for them.
func TestHold(t *testing.T) {
	t.Parallel()
	o := outbox(conversation.Effect{ID: "1", Kind: conversation.EffectUser}, create("2", "a"), pull("3", conversation.Hint{Ticket: 11}), send("4"))
	o.Hold(conversation.HoldBot)
	if got := ready(t, o, 1000); got != "3 4" {
		t.Errorf("held: %q goes", got)
	}
	o.Take("3")
	o.Take("4")
	if wake := o.NextWake(); !wake.IsZero() || o.Empty() {
		t.Errorf("held writes wake the thread at %v; empty is %v", wake, o.Empty())
	}
	o.Add(customer("5", "b", 0), gather, at(0)) // it joins the creation
	o.Add(conversation.Effect{ID: "6", Kind: conversation.EffectReopen}, gather, at(0))
	if got := ready(t, o, 1000); got != "" {
		t.Errorf("held: %q goes past them", got)
	}
	o.Unhold()
	if got := ready(t, o, 1000); got != "1" {
		t.Errorf("then %q goes", got)
	}
	if diff := cmp.Diff([]string{"a\n\nb"}, bodies(o.Ticket)); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}

// TestHoldAndWhatIsUnderWay wants what may have been written to be seen to, whatever holds the rest.
func TestHoldAndWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	forward := conversation.Effect{ID: "2", Kind: conversation.EffectForward, Tell: &conversation.Tell{Key: "100|c2"}}
	o := outbox(create("1", "a"))
	start(t, o, "1")
	o.Add(forward, gather, at(0))
	o.Add(customer("3", "b", 0), gather, at(0))
	o.Hold(conversation.HoldBot)
	settle(t, o, conversation.Result{Effect: "1", Outcome: conversation.Unsure, NotBefore: at(15), SentAt: at(0)})
	if got := ready(t, o, 15); got != "1" {
		t.Errorf("%q goes", got)
	}
	start(t, o, "1")
	settle(t, o, conversation.Result{Effect: "1", Outcome: conversation.Done})
	if got := ready(t, o, 1000); got != "2" {
		t.Errorf("then %q goes: what is forwarded is no write", got)
	}
	o.Take("2")
	if got := ready(t, o, 1000); got != "" {
		t.Errorf("held, and yet %q goes", got)
	}
}

func TestDropWrites(t *testing.T) {
	t.Parallel()
	reads := []conversation.Effect{
		pull("r1", conversation.Hint{Ticket: 11}),
		{ID: "r2", Kind: conversation.EffectIdentify, Ask: &conversation.Identify{}},
		{ID: "r3", Kind: conversation.EffectFind, Hint: &conversation.Hint{Ticket: 12}},
	}
	writes := []conversation.Effect{
		{ID: "1", Kind: conversation.EffectUser},
		create("2", "a"), note("3", "b", 0), update("4", conversation.Change{Roles: []string{"n2"}}),
		{ID: "5", Kind: conversation.EffectReopen},
	}
	forward := conversation.Effect{ID: "f", Kind: conversation.EffectForward, Tell: &conversation.Tell{}}
	o := outbox(slices.Concat(writes, reads, []conversation.Effect{forward, send("s")})...)
	o.DropWrites()
	if got := ids(o.Ticket) + "|" + ids(o.Phone); got != "r1 r2 r3 f|s" {
		t.Errorf("left: %q", got)
	}
	o = outbox(writes...)
	start(t, o, "1")
	start(t, o, "2")
	settle(t, o, conversation.Result{Effect: "2", Outcome: conversation.Unsure, NotBefore: at(15), SentAt: at(0)})
	start(t, o, "3")
	settle(t, o, conversation.Result{Effect: "3", Outcome: conversation.Later, NotBefore: at(15)})
	o.DropWrites()
	if got := ids(o.Ticket); got != "1 2" {
		t.Errorf("under way or maybe done, and yet only %q is left", got)
	}
}

// TestReadsOvertakeWrites is the table of what may go past what.
func TestReadsOvertakeWrites(t *testing.T) {
	t.Parallel()
	reads := map[conversation.EffectKind]conversation.Effect{
		conversation.EffectPull:     pull("r", conversation.Hint{Ticket: 11}),
		conversation.EffectIdentify: {ID: "r", Kind: conversation.EffectIdentify, Ask: &conversation.Identify{CNPJ: "11222333000181"}},
		conversation.EffectFind:     {ID: "r", Kind: conversation.EffectFind, Hint: &conversation.Hint{Ticket: 12}},
	}
	writes := map[string]conversation.Effect{
		"user": {ID: "w", Kind: conversation.EffectUser}, "create": create("w", "a"), "comment": customer("w", "a", 0),
		"update": update("w", conversation.Change{Status: "open"}), "reopen": {ID: "w", Kind: conversation.EffectReopen},
	}
	states := map[string]struct {
		put  func(t *testing.T, o *conversation.Outbox)
		want string
	}{
		"waiting": {func(*testing.T, *conversation.Outbox) {}, "r"},
		"held":    {func(_ *testing.T, o *conversation.Outbox) { o.Hold(conversation.HoldBot) }, "r"},
		"refused": {func(t *testing.T, o *conversation.Outbox) {
			t.Helper()
			start(t, o, "w")
			settle(t, o, conversation.Result{Effect: "w", Outcome: conversation.Later, NotBefore: at(3600)})
		}, "r"},
		"running": {func(t *testing.T, o *conversation.Outbox) { t.Helper(); start(t, o, "w") }, ""},
		"unsettled": {func(t *testing.T, o *conversation.Outbox) {
			t.Helper()
			start(t, o, "w")
			settle(t, o, conversation.Result{Effect: "w", Outcome: conversation.Unsure, NotBefore: at(3600), SentAt: at(0)})
		}, ""},
	}
	for kind, read := range reads {
		if !kind.Reads() {
			t.Errorf("%q is said to write", kind)
		}
		for name, write := range writes {
			if write.Kind.Reads() {
				t.Errorf("%q is said to read", write.Kind)
			}
			for state, s := range states {
				o := outbox(write)
				s.put(t, o)
				o.Add(read, gather, at(0))
				if got := ready(t, o, 1000); got != s.want {
					t.Errorf("%s behind a %s that is %s: %q goes, want %q", kind, name, state, got, s.want)
				}
			}
		}
	}
}
