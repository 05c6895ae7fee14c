package decide_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/decide"
)

func TestAccountNotice(t *testing.T) {
	t.Parallel()
	var a conversation.Account
	for i := range conversation.MostNotices + 2 {
		before := conversation.Account{Notices: append([]conversation.KeptNotice(nil), a.Notices...)}
		next := decide.AccountNotice(a, conversation.Notice{Rule: "quality", Text: strconv.Itoa(i)}, at(i))
		if !cmp.Equal(before, a) {
			t.Fatal("the account it was given has changed")
		}
		a = next
	}
	if n := len(a.Notices); n != conversation.MostNotices {
		t.Fatalf("%d notices are kept, want %d", n, conversation.MostNotices)
	}
	want := conversation.KeptNotice{At: at(conversation.MostNotices + 1), Rule: "quality", Text: strconv.Itoa(conversation.MostNotices + 1)}
	if diff := cmp.Diff(want, a.Notices[conversation.MostNotices-1]); diff != "" {
		t.Errorf("newest notice (-want +got):\n%s", diff)
	}
	if got := a.Notices[0].Text; got != "2" {
		t.Errorf("the oldest notice is %s, want 2", got)
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	hint := conversation.Event{Kind: conversation.EventHint, Hint: &conversation.Hint{Ticket: 5}}
	result := func(o conversation.Outcome) conversation.Event {
		return conversation.Event{Kind: conversation.EventResult, Result: &conversation.Result{Effect: "1", Outcome: o, NotBefore: at(9)}}
	}
	tests := []struct {
		name   string
		events []conversation.Event
		waits  int
	}{
		{"hint", []conversation.Event{hint}, 1},
		{"two hints", []conversation.Event{hint, hint}, 1},
		{"found or not", []conversation.Event{hint, result(conversation.Done)}, 0},
		{"failed", []conversation.Event{hint, result(conversation.Failed)}, 0},
		{"later", []conversation.Event{hint, result(conversation.Later)}, 1},
		{"another hint afterwards", []conversation.Event{hint, result(conversation.Done), hint}, 1},
		{"nothing for it", []conversation.Event{{Kind: conversation.EventWake}}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var j conversation.Job
			for _, e := range tt.events {
				before := j.Clone()
				next := decide.Lookup(j, e, at(0))
				if diff := cmp.Diff(before, j); diff != "" {
					t.Fatalf("the job it was given has changed (-before +after):\n%s", diff)
				}
				j = next
			}
			if got := len(j.Outbox.Background); got != tt.waits {
				t.Errorf("%d look-ups wait, want %d", got, tt.waits)
			}
		})
	}
}

// sweep is the reconciliation with a clock.
type sweep struct {
	t      *testing.T
	j      conversation.Job
	second int
}

const every = 2 * time.Minute

func (s *sweep) event(e conversation.Event) {
	s.t.Helper()
	before := s.j.Clone()
	next := decide.JobDue(decide.Job(s.j, e, every, at(s.second)), conversation.EffectReconcile, at(s.second))
	if diff := cmp.Diff(before, s.j); diff != "" {
		s.t.Fatalf("the job it was given has changed (-before +after):\n%s", diff)
	}
	s.j = next
}

func (s *sweep) result(r conversation.Result) {
	s.t.Helper()
	r.Effect = s.j.Outbox.Background[0].Effect.ID
	s.event(conversation.Event{Kind: conversation.EventResult, Result: &r})
}

func (s *sweep) want(asked *conversation.Sweep, due int) {
	s.t.Helper()
	var got *conversation.Sweep
	if len(s.j.Outbox.Background) == 1 {
		got = s.j.Outbox.Background[0].Effect.Sweep
	}
	if diff := cmp.Diff(asked, got); diff != "" {
		s.t.Errorf("request (-want +got):\n%s", diff)
	}
	if !s.j.Due.Equal(at(due)) {
		s.t.Errorf("due at %v, want %v", s.j.Due, at(due))
	}
}

func TestReconcile(t *testing.T) {
	t.Parallel()
	s := &sweep{t: t}
	wake := conversation.Event{Kind: conversation.EventWake}
	s.event(wake)
	s.want(&conversation.Sweep{Since: at(-120)}, 0)
	s.event(wake) // every instance may say so
	s.want(&conversation.Sweep{Since: at(-120)}, 0)

	s.second = 1
	s.result(conversation.Result{Outcome: conversation.Done, Sweep: &conversation.Sweep{Cursor: "a", More: true}})
	s.want(&conversation.Sweep{Cursor: "a"}, 1) // the next page at once
	s.second = 2
	s.result(conversation.Result{Outcome: conversation.Done, Sweep: &conversation.Sweep{Cursor: "b"}})
	s.want(nil, 122)
	s.second = 121
	s.event(wake)
	s.want(nil, 122)
	s.second = 122
	s.event(wake)
	s.want(&conversation.Sweep{Cursor: "b"}, 122)

	s.result(conversation.Result{Outcome: conversation.Later, NotBefore: at(150)})
	s.want(&conversation.Sweep{Cursor: "b"}, 122)
	s.result(conversation.Result{Outcome: conversation.Failed})
	s.want(nil, 242) // not at once: it would fail again
	s.second = 242
	s.event(wake)
	s.want(&conversation.Sweep{Cursor: "b"}, 242)
}

func TestJobWithoutPages(t *testing.T) {
	t.Parallel()
	wake := conversation.Event{Kind: conversation.EventWake}
	j := decide.JobDue(decide.Job(conversation.Job{}, wake, every, at(0)), conversation.EffectRepair, at(0))
	if got := j.Outbox.Background[0].Effect.Kind; got != conversation.EffectRepair {
		t.Fatalf("the job does %q", got)
	}
	done := conversation.Event{Kind: conversation.EventResult, Result: &conversation.Result{Effect: j.Outbox.Background[0].Effect.ID, Outcome: conversation.Done}}
	j = decide.JobDue(decide.Job(j, done, every, at(5)), conversation.EffectRepair, at(5))
	if !j.Outbox.Empty() || !j.Due.Equal(at(125)) {
		t.Errorf("after a run the job is %+v", j)
	}
}

func TestJobWithoutSchedule(t *testing.T) {
	t.Parallel()
	if j := decide.JobDue(conversation.Job{}, conversation.EffectReconcile, at(0)); !j.Outbox.Empty() {
		t.Errorf("outbox is %+v", j.Outbox)
	}
}
