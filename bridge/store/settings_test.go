package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	operation "github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// savedAt is the time of all versions in tests.
func savedAt() time.Time { return time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC) }

func newSettings(r *testredis.Redis) *store.Settings {
	return store.NewSettings(r.Client, r.Prefix, savedAt)
}

// named is the defaults with another name, to tell settings apart by.
func named(name string) operation.Operation {
	o := operation.DefaultOperation()
	o.Default.Name = name
	return o
}

func save(t *testing.T, s *store.Settings, o operation.Operation, expect int64) {
	t.Helper()
	version, err := s.Save(t.Context(), o, "ana", expect)
	if err != nil || version != expect+1 {
		t.Fatalf("Save = %d, %v; want %d", version, err, expect+1)
	}
}

// loaded wants the store to have settings of a version.
func loaded(t *testing.T, s *store.Settings, name string, version int64) {
	t.Helper()
	o, got, err := s.Load(t.Context())
	if err != nil || got != version || o.Default.Name != name {
		t.Errorf("Load = %q, %d, %v; want %q, %d", o.Default.Name, got, err, name, version)
	}
}

// settingsKeys are the keys of the settings, as an operator would find them.
func settingsKeys(r *testredis.Redis) (version, log string) {
	return r.Prefix + "{cfg:settings}:version", r.Prefix + "{cfg:settings}:log"
}

func TestSettingsAreSavedAndLoaded(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		s := newSettings(r)
		o, version, err := s.Load(t.Context())
		if err != nil || version != 0 || len(operation.Diff(o, operation.DefaultOperation())) > 0 {
			t.Errorf("Load of nothing = %+v, %d, %v; want the defaults", o, version, err)
		}
		one := named("um")
		vendas := one.Default
		vendas.Quiet, vendas.Name = 5*time.Second, "Vendas “sul”"
		one.Numbers = map[string]operation.Number{"106540352242922": vendas}
		save(t, s, one, 0)
		got, version, err := s.Load(t.Context())
		if diff := operation.Diff(one, got); err != nil || version != 1 || len(diff) > 0 {
			t.Errorf("Load = %d, %v, with %v", version, err, diff)
		}
		save(t, s, named("dois"), 1)
		loaded(t, newSettings(r), "dois", 2)
	})
}

func TestSettingsRefuseAConflict(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		s := newSettings(r)
		save(t, s, named("um"), 0)
		for _, expect := range []int64{0, 2, -1} {
			_, err := s.Save(t.Context(), named("outro"), "bia", expect)
			if !errors.Is(err, store.ErrSettingsConflict) || !strings.Contains(err.Error(), fmt.Sprintf("version 1 is current, not %d", expect)) {
				t.Errorf("Save after %d: %v", expect, err)
			}
		}
		loaded(t, s, "um", 1)
	})
}

// Of many who save at once after the same version, one does.
func TestSettingsAreSavedByOneAtATime(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		var wg sync.WaitGroup
		var won, lost atomic.Int64
		for i := range 8 {
			wg.Go(func() {
				_, err := newSettings(r).Save(t.Context(), named(fmt.Sprint("n", i)), "ana", 0)
				switch {
				case err == nil:
					won.Add(1)
				case errors.Is(err, store.ErrSettingsConflict):
					lost.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || lost.Load() != 7 {
			t.Errorf("%d saved, %d were refused; want 1, 7", won.Load(), lost.Load())
		}
		if history, err := newSettings(r).History(t.Context()); err != nil || len(history) != 1 {
			t.Errorf("%d versions, %v", len(history), err)
		}
	})
}

func TestSettingsRefuseWhatIsNotValid(t *testing.T) {
	t.Parallel()
	s := newSettings(testredis.Mini(t))
	_, err := s.Save(t.Context(), named(""), "ana", 0)
	if _, ok := errors.AsType[*operation.InvalidError](err); !ok {
		t.Errorf("Save of what is not valid: %v", err)
	}
	loaded(t, s, "WhatsApp", 0)
}

func TestSettingsHistory(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		s := newSettings(r)
		if history, err := s.History(t.Context()); err != nil || len(history) != 0 {
			t.Errorf("History of nothing = %v, %v", history, err)
		}
		for i := range 102 {
			save(t, s, named(fmt.Sprint("n", i+1)), int64(i))
		}
		history, err := s.History(t.Context())
		if err != nil || len(history) != 100 {
			t.Fatalf("%d versions, %v; want 100", len(history), err)
		}
		for i, v := range history {
			number := int64(102 - i)
			file, err := operation.Encode(named(fmt.Sprint("n", number)))
			if err != nil {
				t.Fatal(err)
			}
			want := store.Version{Number: number, At: savedAt(), By: "ana", YAML: string(file)}
			if diff := cmp.Diff(want, v); diff != "" {
				t.Fatalf("version %d (-want +got):\n%s", number, diff)
			}
		}
	})
}

func TestSettingsSurviveALostReply(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		client, repeat := watched(t, r)
		repeat.twice.Store(true)
		s := store.NewSettings(client, r.Prefix, savedAt)
		save(t, s, named("um"), 0)
		save(t, s, named("dois"), 1)
		loaded(t, s, "dois", 2)
		if history, err := s.History(t.Context()); err != nil || len(history) != 2 {
			t.Errorf("%d versions, %v; want 2", len(history), err)
		}
	})
}

// What is stored and can't be read is told, and saving mends it.
func TestSettingsThatCantBeRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		mark, stored string
		version      int64
		want         error
	}{
		"not YAML":        {"3 w", `{"version":3,"word":"w","yaml":"{"}`, 3, store.ErrSettingsUnreadable},
		"not valid":       {"3 w", `{"version":3,"word":"w","yaml":"default: {quiet: 99h}"}`, 3, store.ErrSettingsUnreadable},
		"newer form":      {"3 w", `{"version":3,"word":"w","yaml":"form: 99"}`, 3, operation.ErrNewerForm},
		"not JSON":        {"3 w", "settings", 3, store.ErrSettingsUnreadable},
		"another version": {"3 w", `{"version":2,"word":"w","yaml":"form: 1"}`, 3, store.ErrSettingsUnreadable},
		"another word":    {"3 w", `{"version":3,"word":"v","yaml":"form: 1"}`, 3, store.ErrSettingsUnreadable},
		"no version":      {"3 w", "", 3, store.ErrSettingsUnreadable},
		"no number":       {"settings", "", 0, store.ErrSettingsUnreadable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := testredis.Mini(t)
			s := newSettings(r)
			put(t, r, tt.mark, tt.stored)
			_, version, err := s.Load(t.Context())
			if !errors.Is(err, tt.want) || version != tt.version {
				t.Errorf("Load = %d, %v; want %d, %v", version, err, tt.version, tt.want)
			}
			if errors.Is(err, store.ErrSettingsUnreadable) == errors.Is(err, operation.ErrNewerForm) {
				t.Errorf("%v is both or neither", err)
			}
			save(t, s, named("novo"), version)
			loaded(t, s, "novo", version+1)
		})
	}
	t.Run("in the history", func(t *testing.T) {
		t.Parallel()
		r := testredis.Mini(t)
		put(t, r, "1 w", "settings")
		if _, err := newSettings(r).History(t.Context()); !errors.Is(err, store.ErrSettingsUnreadable) {
			t.Errorf("History: %v", err)
		}
	})
}

// put stores a version as it should not be.
func put(t *testing.T, r *testredis.Redis, mark, stored string) {
	t.Helper()
	version, log := settingsKeys(r)
	if err := r.Client.Set(t.Context(), version, mark, 0).Err(); err != nil {
		t.Fatal(err)
	}
	if stored == "" {
		return
	}
	if err := r.Client.LPush(t.Context(), log, stored).Err(); err != nil {
		t.Fatal(err)
	}
}

func TestSettingsTellFailures(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	s := newSettings(r)
	r.Mini.SetError("ERR out of order")
	if _, _, err := s.Load(t.Context()); err == nil || errors.Is(err, store.ErrSettingsUnreadable) {
		t.Errorf("Load on a store that fails: %v", err)
	}
	if _, err := s.Save(t.Context(), named("um"), "ana", 0); err == nil || errors.Is(err, store.ErrSettingsConflict) {
		t.Errorf("Save on a store that fails: %v", err)
	}
	if _, err := s.History(t.Context()); err == nil {
		t.Error("History succeeded on a store that fails")
	}
}
