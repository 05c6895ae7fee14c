package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestBudgetConfigIsValidated(t *testing.T) {
	t.Parallel()
	valid := map[string]func(*store.BudgetConfig){
		"default": func(*store.BudgetConfig) {},
		"smallest": func(c *store.BudgetConfig) {
			c.RequestsPerMinute, c.UpdatesPerMinute, c.TicketUpdates, c.IncrementalPerMinute = 1, 1, 1, 1
		},
		"learned":            func(c *store.BudgetConfig) { c.RequestsPerMinute = 0 },
		"nothing for humans": func(c *store.BudgetConfig) { c.HumanShare = 0 },
		"shares below 1":     func(c *store.BudgetConfig) { c.LaneShares = [store.Lanes]float64{0.3, 0.1, 0.1, 0.1, 0.1} },
	}
	wrong := map[string]func(*store.BudgetConfig){
		"negative requests": func(c *store.BudgetConfig) { c.RequestsPerMinute = -1 },
		"no updates":        func(c *store.BudgetConfig) { c.UpdatesPerMinute = -1 },
		"no ticket updates": func(c *store.BudgetConfig) { c.TicketUpdates = 0 },
		"no window":         func(c *store.BudgetConfig) { c.TicketWindow = 0 },
		"no user writes":    func(c *store.BudgetConfig) { c.UserWritesPerSecond = 0 },
		"no incremental":    func(c *store.BudgetConfig) { c.IncrementalPerMinute = 0 },
		"all for humans":    func(c *store.BudgetConfig) { c.HumanShare = 1 },
		"negative humans":   func(c *store.BudgetConfig) { c.HumanShare = -0.1 },
		"a lane without":    func(c *store.BudgetConfig) { c.LaneShares[3] = 0 },
		"shares above 1":    func(c *store.BudgetConfig) { c.LaneShares[3] = 0.5 },
		"updates without":   func(c *store.BudgetConfig) { c.UpdateShares[1] = 0 },
	}
	errorsOf := func(cases map[string]func(*store.BudgetConfig)) map[string]bool {
		failed := make(map[string]bool)
		for name, change := range cases {
			cfg := store.DefaultBudget()
			change(&cfg)
			_, err := store.NewBudget(nil, "", cfg, time.Now)
			failed[name] = err != nil
		}
		return failed
	}
	for name, failed := range errorsOf(valid) {
		if failed {
			t.Errorf("%s: refused", name)
		}
	}
	want := make(map[string]bool)
	for name := range wrong {
		want[name] = true
	}
	if diff := cmp.Diff(want, errorsOf(wrong)); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
}

// TestSmallestBudgetGrants: even limits of 1 let work through.
func TestSmallestBudgetGrants(t *testing.T) {
	t.Parallel()
	cfg := store.DefaultBudget()
	cfg.RequestsPerMinute, cfg.UpdatesPerMinute, cfg.TicketUpdates, cfg.IncrementalPerMinute = 1, 1, 1, 1
	d := newDesk(t, testredis.Mini(t), cfg)
	d.waits("first", d.fresh(0, store.Cost{Update: 1, Incremental: true}), 0)
	for lane := range store.Lanes {
		if wait := d.ask("a", lane, store.Cost{Update: 2, Incremental: true}); wait <= 0 || wait > 3_600_000 {
			t.Errorf("lane %d: wait %d ms; want one within the hour", lane, wait)
		}
	}
}
