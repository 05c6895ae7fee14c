package conversation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// gather is the coalescing of all tests: 20 s after the last message, 60 s after the first.
var gather = conversation.Coalescing{Quiet: 20 * time.Second, Longest: 60 * time.Second}

// words is a comment of one line that comes at a time.
func words(id, text string, author conversation.Author, public bool, second int) conversation.Effect {
	return conversation.Effect{ID: id, Kind: conversation.EffectComment, Comment: &conversation.Comment{
		Author: author, Public: public, Lines: []conversation.Line{{Text: text}}, First: at(second), Last: at(second),
	}}
}

func customer(id, text string, second int) conversation.Effect {
	return words(id, text, conversation.AuthorCustomer, true, second)
}

func create(id, text string) conversation.Effect {
	e := customer(id, text, 0)
	e.Kind = conversation.EffectCreate
	return e
}

func pull(id string, h conversation.Hint) conversation.Effect {
	return conversation.Effect{ID: id, Kind: conversation.EffectPull, Hint: &h}
}

func send(id string) conversation.Effect {
	return conversation.Effect{ID: id, Kind: conversation.EffectSend, Send: &conversation.Send{Text: id}}
}

func outbox(effects ...conversation.Effect) *conversation.Outbox {
	o := new(conversation.Outbox)
	for _, e := range effects {
		o.Add(e, gather, time.Time{})
	}
	return o
}

// start begins an effect as a worker does.
func start(t *testing.T, o *conversation.Outbox, id string) {
	t.Helper()
	p := o.Find(id)
	if p == nil {
		t.Fatalf("no effect %q", id)
	}
	p.Running, p.Frozen = true, true
}

func settle(t *testing.T, o *conversation.Outbox, r conversation.Result) conversation.Pending {
	t.Helper()
	p, ok := o.Settle(r)
	if !ok {
		t.Fatalf("effect %q is not pending", r.Effect)
	}
	return p
}

func ids(list []conversation.Pending) string {
	var all []string
	for _, p := range list {
		all = append(all, p.Effect.ID)
	}
	return strings.Join(all, " ")
}

// ready is the ids of what may go after so many seconds; it also checks that NextWake tells the same.
func ready(t *testing.T, o *conversation.Outbox, second int) string {
	t.Helper()
	list := o.Ready(at(second))
	wake := o.NextWake()
	if due := !wake.IsZero() && !wake.After(at(second)); due != (len(list) > 0) {
		t.Errorf("at %d s %q is ready, but NextWake is %v", second, ids(list), wake)
	}
	return ids(list)
}

func bodies(lane []conversation.Pending) []string {
	var all []string
	for _, p := range lane {
		if c := p.Effect.Comment; c != nil {
			all = append(all, c.Body())
		}
	}
	return all
}

func TestCommentsCoalesce(t *testing.T) {
	t.Parallel()
	const (
		ana   = conversation.AuthorCustomer
		ponte = conversation.AuthorPonte
	)
	half := strings.Repeat("x", conversation.MostCommentBytes/2)
	tests := []struct {
		name    string
		effects []conversation.Effect
		want    []string
	}{
		{"same author", []conversation.Effect{customer("1", "a", 0), customer("2", "b", 5), customer("3", "c", 9)}, []string{"a\n\nb\n\nc"}},
		{"equal words are two messages", []conversation.Effect{customer("1", "ok", 0), customer("2", "ok", 0)}, []string{"ok\n\nok"}},
		{
			"another author comes between",
			[]conversation.Effect{words("1", "a", ana, true, 0), words("2", "b", ponte, false, 1), words("3", "c", ana, true, 2)},
			[]string{"a", "b", "c"},
		},
		{"another visibility", []conversation.Effect{words("1", "a", ponte, false, 0), words("2", "b", ponte, true, 1)}, []string{"a", "b"}},
		{"a pull does not part them", []conversation.Effect{customer("1", "a", 0), pull("2", conversation.Hint{}), customer("3", "b", 1)}, []string{"a\n\nb"}},
		{"the creation grows as well", []conversation.Effect{create("1", "a"), customer("2", "b", 1)}, []string{"a\n\nb"}},
		{"no creation grows a comment", []conversation.Effect{customer("1", "a", 0), create("2", "b")}, []string{"a", "b"}},
		{"a user parts nothing", []conversation.Effect{{ID: "1", Kind: conversation.EffectUser}, customer("2", "b", 1)}, []string{"b"}},
		{"too long together", []conversation.Effect{customer("1", half, 0), customer("2", half, 1)}, []string{half, half}},
		{"just short enough", []conversation.Effect{customer("1", half, 0), customer("2", half[2:], 1)}, []string{half + "\n\n" + half[2:]}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, bodies(outbox(tt.effects...).Ticket)); diff != "" {
				t.Errorf("comments (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCommentOfManyLines(t *testing.T) {
	t.Parallel()
	o := new(conversation.Outbox)
	for range conversation.MostCommentLines + 1 {
		o.Add(customer("x", "oi", 0), gather, time.Time{})
	}
	if len(o.Ticket) != 2 || len(o.Ticket[0].Effect.Comment.Lines) != conversation.MostCommentLines {
		t.Errorf("%d comments, the first of %d lines", len(o.Ticket), len(o.Ticket[0].Effect.Comment.Lines))
	}
	again := *o.Ticket[0].Effect.Comment // as a retried effect brings it
	o.Add(conversation.Effect{ID: "y", Kind: conversation.EffectComment, Comment: &again}, gather, time.Time{})
	for _, p := range o.Ticket {
		if n := len(p.Effect.Comment.Lines); n > conversation.MostCommentLines {
			t.Errorf("a comment has %d lines", n)
		}
	}
}

func TestAddLeavesTheEffectAlone(t *testing.T) {
	t.Parallel()
	first, second := customer("1", "a", 0), customer("2", "b", 1)
	hint := pull("3", conversation.Hint{Ticket: 11, Sweep: true})
	outbox(first, second, hint, pull("4", conversation.Hint{Ticket: 11, Status: "open", UpdatedAt: at(1)}))
	if diff := cmp.Diff([]conversation.Effect{customer("1", "a", 0), customer("2", "b", 1), pull("3", conversation.Hint{Ticket: 11, Sweep: true})},
		[]conversation.Effect{first, second, hint}); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
}

func TestFrozenCommentDoesNotGrow(t *testing.T) {
	t.Parallel()
	o := outbox(customer("1", "a", 0))
	start(t, o, "1")
	o.Add(customer("2", "b", 1), gather, time.Time{})
	settle(t, o, conversation.Result{Effect: "1", Outcome: conversation.Later, NotBefore: at(30)})
	o.Add(customer("3", "c", 2), gather, time.Time{})
	if diff := cmp.Diff([]string{"a", "b\n\nc"}, bodies(o.Ticket)); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
}

func TestQuietAndLongestTime(t *testing.T) {
	t.Parallel()
	o := outbox(customer("1", "a", 0))
	for _, step := range []struct{ message, quiet, due int }{
		{10, 29, 30}, {25, 44, 45}, {44, 59, 60}, {59, 59, 60}, // the longest time ends it
	} {
		o.Add(customer("n", "x", step.message), gather, time.Time{})
		if got := ready(t, o, step.quiet); got != "" {
			t.Errorf("last message at %d s: %q goes at %d s already", step.message, got, step.quiet)
		}
		if got := ready(t, o, step.due); got != "1" {
			t.Errorf("last message at %d s: at %d s %q goes, want 1", step.message, step.due, got)
		}
	}
	start(t, o, "1")
	o.Add(customer("2", "y", 61), gather, time.Time{})
	settle(t, o, conversation.Result{Effect: "1", Outcome: conversation.Done})
	if ready(t, o, 80) != "" || ready(t, o, 81) != "2" {
		t.Error("the next comment does not wait its own quiet time")
	}
}

func TestCreationDoesNotWait(t *testing.T) {
	t.Parallel()
	o := outbox(create("1", "a"), customer("2", "b", 0))
	if got := ready(t, o, 0); got != "1" {
		t.Errorf("%q is ready, want the creation", got)
	}
}

func TestPullsJoin(t *testing.T) {
	t.Parallel()
	hint := func(h conversation.Hint) conversation.Hint { h.Ticket = 11; return h }
	tests := []struct {
		name          string
		first, second conversation.Hint
		want          []conversation.Hint
	}{
		{"two hints", hint(conversation.Hint{}), hint(conversation.Hint{}), []conversation.Hint{hint(conversation.Hint{})}},
		{
			"the newer stamp counts", hint(conversation.Hint{UpdatedAt: at(1)}), hint(conversation.Hint{UpdatedAt: at(2)}),
			[]conversation.Hint{hint(conversation.Hint{UpdatedAt: at(2)})},
		},
		{
			"an older stamp does not", hint(conversation.Hint{UpdatedAt: at(2)}), hint(conversation.Hint{UpdatedAt: at(1)}),
			[]conversation.Hint{hint(conversation.Hint{UpdatedAt: at(2)})},
		},
		{
			"a sweep after a hint is no sweep", hint(conversation.Hint{}), hint(conversation.Hint{Sweep: true, UpdatedAt: at(1)}),
			[]conversation.Hint{hint(conversation.Hint{UpdatedAt: at(1)})},
		},
		{
			"a hint after a sweep is no sweep", hint(conversation.Hint{Sweep: true}), hint(conversation.Hint{}),
			[]conversation.Hint{hint(conversation.Hint{})},
		},
		{
			"two sweeps stay one", hint(conversation.Hint{Sweep: true}), hint(conversation.Hint{Sweep: true}),
			[]conversation.Hint{hint(conversation.Hint{Sweep: true})},
		},
		{
			"the later status counts", hint(conversation.Hint{Status: "open"}), hint(conversation.Hint{Status: "solved"}),
			[]conversation.Hint{hint(conversation.Hint{Status: "solved"})},
		},
		{
			"another ticket is another pull", hint(conversation.Hint{}),
			conversation.Hint{Ticket: 12},
			[]conversation.Hint{hint(conversation.Hint{}), {Ticket: 12}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []conversation.Hint
			for _, p := range outbox(pull("1", tt.first), pull("2", tt.second)).Ticket {
				got = append(got, *p.Effect.Hint)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("hints (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHintDuringPullPullsAgain(t *testing.T) {
	t.Parallel()
	o := outbox(pull("1", conversation.Hint{}))
	start(t, o, "1")
	o.Add(pull("2", conversation.Hint{}), gather, time.Time{})
	o.Add(pull("3", conversation.Hint{}), gather, time.Time{})
	if got := ids(o.Ticket); got != "1 2" {
		t.Errorf("pending: %q, want the running pull and one more", got)
	}
}

func TestHas(t *testing.T) {
	t.Parallel()
	o := outbox(create("1", "a"), send("2"))
	for kind, want := range map[conversation.EffectKind]bool{
		conversation.EffectCreate: true, conversation.EffectSend: true, conversation.EffectComment: false, conversation.EffectLookup: false,
	} {
		if got := o.Has(kind); got != want {
			t.Errorf("Has(%q) = %v, want %v", kind, got, want)
		}
	}
	if o.Empty() {
		t.Error("it is said to be empty")
	}
	o.Take("1")
	o.Take("2")
	if !o.Empty() || !new(conversation.Outbox).Empty() {
		t.Error("it is not said to be empty")
	}
}
