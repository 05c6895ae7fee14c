package mailbox_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// state is what the workers of a random walk keep in their mailboxes.
type state struct {
	Taken    []string `json:"taken"`    // the events consumed, in order
	Deadline int64    `json:"deadline"` // ms; 0 = none
	Wake     int64    `json:"wake"`     // ms; 0 = nothing waits
}

// picture is everything that Redis holds of the walk's mailboxes.
type picture struct {
	due, run, tmr, halt map[string]float64
	boxes               map[string]view
}

// view is what Redis holds of one mailbox.
type view struct {
	fields map[string]string
	inbox  []string // ids
	lines  int      // of the transcript
}

func (v view) state() (s state, ok bool) {
	raw, ok := v.fields["s"]
	if ok && json.Unmarshal([]byte(raw), &s) != nil {
		return s, false
	}
	return s, ok
}

// look reads everything past all faults. The walk does one thing at a time, so nothing changes meanwhile.
func (w *walk) look() picture {
	w.t.Helper()
	ctx := w.t.Context()
	pipe := w.r.Client.Pipeline()
	p := picture{boxes: map[string]view{}}
	sets := []struct {
		name string
		into *map[string]float64
		rows []*redis.ZSliceCmd
	}{{name: "due", into: &p.due}, {name: "run", into: &p.run}, {name: "tmr", into: &p.tmr}, {name: "halt", into: &p.halt}}
	for i := range sets {
		for part := range partitions {
			name := fmt.Sprintf("%s{w%d}:%s", w.r.Prefix, part, sets[i].name)
			sets[i].rows = append(sets[i].rows, pipe.ZRangeWithScores(ctx, name, 0, -1))
		}
	}
	type row struct {
		fields *redis.MapStringStringCmd
		inbox  *redis.StringSliceCmd
		lines  *redis.IntCmd
	}
	rows := map[string]row{}
	for key := range w.boxes {
		rows[key] = row{
			fields: pipe.HGetAll(ctx, w.redisKey(key, "c:"+key)), inbox: pipe.LRange(ctx, w.redisKey(key, "in:"+key), 0, -1),
			lines: pipe.LLen(ctx, w.redisKey(key, "tx:"+key)),
		}
	}
	_, err := pipe.Exec(ctx)
	w.ok(err)
	for _, set := range sets {
		*set.into = map[string]float64{}
		for _, row := range set.rows {
			for _, z := range row.Val() {
				(*set.into)[z.Member.(string)] = z.Score
			}
		}
	}
	for key, row := range rows {
		v := view{fields: row.fields.Val(), lines: int(row.lines.Val())}
		for _, element := range row.inbox.Val() {
			id, _, _ := strings.Cut(element, "\n")
			v.inbox = append(v.inbox, id)
		}
		p.boxes[key] = v
	}
	return p
}

// box is what the model knows of one mailbox.
type box struct {
	accepted  []string // events in the order in which they came to lie in the inbox
	known     map[string]bool
	forgotten int // how many of them were consumed when the state was last forgotten
	stateful  bool
}

// check compares what Redis holds after an operation with the model; offered is what the operation may have appended to
// each mailbox, and forgets the mailbox whose state it may have forgotten.
func (w *walk) check(p picture, offered map[string][]string, forgets string) error {
	for key, b := range w.boxes {
		v := p.boxes[key]
		if err := b.accept(v, offered[key]); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		if err := b.consumedOnce(v, forgets == key); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		if err := p.placed(key); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

// accept takes events in that are new in the inbox: all that were offered and are not known yet, in order, or none.
func (b *box) accept(v view, offered []string) error {
	fresh := v.lines + len(v.inbox) - len(b.accepted)
	if fresh == 0 {
		return nil
	}
	var want []string
	for _, id := range offered {
		if !b.known[id] && !slices.Contains(want, id) {
			want = append(want, id)
		}
	}
	if fresh < 0 || fresh > len(v.inbox) || !slices.Equal(v.inbox[len(v.inbox)-fresh:], want) {
		return fmt.Errorf("%d consumed and %v waiting after %d accepted and %v offered", v.lines, v.inbox, len(b.accepted), want)
	}
	b.accepted = append(b.accepted, want...)
	for _, id := range want {
		b.known[id] = true
	}
	return nil
}

// consumedOnce wants what was taken, followed by what waits, to be what was accepted.
func (b *box) consumedOnce(v view, mayForget bool) error {
	s, ok := v.state()
	switch {
	case ok:
	case mayForget && len(v.inbox) == 0:
		b.forgotten = len(b.accepted)
	case b.stateful:
		return fmt.Errorf("the state vanished with %v waiting", v.inbox)
	}
	b.stateful = ok
	if all := slices.Concat(s.Taken, v.inbox); !slices.Equal(all, b.accepted[b.forgotten:]) {
		return fmt.Errorf("taken %v and waiting %v; accepted %v", s.Taken, v.inbox, b.accepted[b.forgotten:])
	}
	return nil
}

// placed watches the invariant: something to do, hence in due, in run or in halt; only a deadline, hence in tmr.
func (p picture) placed(key string) error {
	s, _ := p.boxes[key].state()
	_, due := p.due[key]
	_, run := p.run[key]
	_, halt := p.halt[key]
	timer, timed := p.tmr[key]
	switch {
	case due && (run || halt):
		return fmt.Errorf("in due and also in run (%v) or halt (%v)", run, halt)
	case due || run || halt:
		return nil
	case len(p.boxes[key].inbox) > 0 || s.Wake != 0:
		return fmt.Errorf("%d events and wake-up %d wait, but it is nowhere", len(p.boxes[key].inbox), s.Wake)
	case s.Deadline != 0 && (!timed || timer != float64(s.Deadline)):
		return fmt.Errorf("deadline %d, but the timer is %v", s.Deadline, timer)
	}
	return nil
}

func (p picture) equal(q picture) bool { return reflect.DeepEqual(p, q) }

// TestTheModelSeesFaults makes sure that the checks of the random walk can fail.
func TestTheModelSeesFaults(t *testing.T) {
	t.Parallel()
	fields := func(s state) map[string]string {
		raw, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return map[string]string{"s": string(raw)}
	}
	one := map[string]float64{"a": 1}
	for name, p := range map[string]picture{
		"fine":              {due: one, boxes: map[string]view{"a": {fields(state{Taken: []string{"1"}}), []string{"2"}, 1}}},
		"fine: a deadline":  {tmr: one, boxes: map[string]view{"a": {fields(state{Taken: []string{"1", "2"}, Deadline: 1}), nil, 2}}},
		"lost":              {due: one, boxes: map[string]view{"a": {fields(state{Taken: []string{"1"}}), nil, 1}}},
		"twice":             {due: one, boxes: map[string]view{"a": {fields(state{Taken: []string{"1", "2"}}), []string{"2"}, 2}}},
		"out of order":      {due: one, boxes: map[string]view{"a": {fields(state{Taken: []string{"2"}}), []string{"1"}, 1}}},
		"overwritten":       {due: one, boxes: map[string]view{"a": {fields(state{Taken: []string{"1"}}), nil, 2}}},
		"state gone":        {due: one, boxes: map[string]view{"a": {nil, []string{"2"}, 1}}},
		"nowhere":           {boxes: map[string]view{"a": {fields(state{Taken: []string{"1"}}), []string{"2"}, 1}}},
		"two places":        {due: one, run: one, boxes: map[string]view{"a": {fields(state{Taken: []string{"1"}}), []string{"2"}, 1}}},
		"wake-up lost":      {boxes: map[string]view{"a": {fields(state{Taken: []string{"1", "2"}, Wake: 1}), nil, 2}}},
		"deadline lost":     {boxes: map[string]view{"a": {fields(state{Taken: []string{"1", "2"}, Deadline: 1}), nil, 2}}},
		"another deadline":  {tmr: one, boxes: map[string]view{"a": {fields(state{Taken: []string{"1", "2"}, Deadline: 2}), nil, 2}}},
		"from nowhere":      {due: one, boxes: map[string]view{"a": {fields(state{Taken: []string{"1"}}), []string{"2", "3"}, 1}}},
		"fine: all waiting": {halt: one, boxes: map[string]view{"a": {fields(state{}), []string{"1", "2"}, 0}}},
	} {
		b := &box{accepted: []string{"1", "2"}, known: map[string]bool{"1": true, "2": true}, stateful: true}
		w := &walk{boxes: map[string]*box{"a": b}}
		if err := w.check(p, nil, ""); (err == nil) != strings.HasPrefix(name, "fine") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
