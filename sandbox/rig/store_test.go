package rig_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/sandbox/rig"
)

func open(t *testing.T, dir string) *rig.Store {
	t.Helper()
	s, err := rig.OpenStore(dir, "peer")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func put(t *testing.T, s *rig.Store, kind, id string, v any) {
	t.Helper()
	if err := s.Put(kind, id, v); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, s *rig.Store, kind string) []string {
	t.Helper()
	out := []string{}
	err := s.Each(kind, func(id string, raw json.RawMessage) error {
		out = append(out, id+"="+string(raw))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestStoreKeepsOrderAcrossOpens(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", t.TempDir()} {
		s := open(t, dir)
		put(t, s, "user", "b", 1)
		put(t, s, "user", "a", map[string]string{"n": "Zé\n"})
		put(t, s, "user", "gone", true)
		put(t, s, "ticket", "1", "x")
		put(t, s, "user", "b", 2)
		if err := s.Delete("user", "gone"); err != nil {
			t.Fatal(err)
		}
		if err := s.Delete("user", "never"); err != nil {
			t.Fatal(err)
		}
		want := []string{"b=2", `a={"n":"Zé\n"}`}
		for round := range 3 {
			if diff := cmp.Diff(want, content(t, s, "user")); diff != "" {
				t.Errorf("dir %q, round %d (-want +got):\n%s", dir, round, diff)
			}
			if diff := cmp.Diff([]string{`1="x"`}, content(t, s, "ticket")); diff != "" {
				t.Errorf("dir %q, round %d (-want +got):\n%s", dir, round, diff)
			}
			if dir != "" {
				s.Close()
				s = open(t, dir)
			}
		}
	}
}

func TestStoreIsOnDiskBeforePutReturns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, "k", "1", "v")
	text, err := os.ReadFile(filepath.Join(dir, "peer.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(text), `{"k":"k","i":"1","v":"v"}`+"\n"; got != want {
		t.Errorf("file = %q, want %q", got, want)
	}
}

func TestStoreCompactsAtOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	for i := range 50 {
		put(t, s, "k", "1", i)
	}
	s.Close()
	open(t, dir)
	text, err := os.ReadFile(filepath.Join(dir, "peer.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(text), "\n"); got != 1 {
		t.Errorf("%d lines after opening, want 1", got)
	}
}

func TestStoreCutFile(t *testing.T) {
	t.Parallel()
	const whole = `{"k":"k","i":"1","v":"v"}` + "\n"
	for name, tc := range map[string]struct {
		text string
		want []string
		bad  bool
	}{
		"cut last line":         {text: whole + `{"k":"k","i":"2",`, want: []string{`1="v"`}},
		"last line not ended":   {text: whole + `{"k":"k","i":"2","v":2}`, want: []string{`1="v"`}},
		"empty":                 {text: "", want: []string{}},
		"broken in the middle":  {text: "{\n" + whole, bad: true},
		"deleted and put again": {text: whole + `{"k":"k","i":"1","v":null}` + "\n" + whole, want: []string{`1="v"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "peer.jsonl"), []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := rig.OpenStore(dir, "peer")
			if (err != nil) != tc.bad {
				t.Fatalf("OpenStore: %v, want an error: %v", err, tc.bad)
			}
			if tc.bad {
				return
			}
			defer s.Close()
			if diff := cmp.Diff(tc.want, content(t, s, "k")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			put(t, s, "k", "9", 9) // must begin on a line of its own
			s.Close()
			if got := content(t, open(t, dir), "k"); got[len(got)-1] != "9=9" {
				t.Errorf("after another opening: %v", got)
			}
		})
	}
}

func TestStoreRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	if err := s.Put("k", "1", nil); err == nil {
		t.Error("a null was stored")
	}
	if err := s.Put("k", "1", func() {}); err == nil {
		t.Error("a func was stored")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	for name, err := range map[string]error{
		"put": s.Put("k", "1", 1), "delete": s.Delete("k", "1"), "reset": s.Reset(),
	} {
		if !errors.Is(err, rig.ErrClosed) {
			t.Errorf("%s after Close: %v, want ErrClosed", name, err)
		}
	}
	if _, err := rig.OpenStore(filepath.Join(t.TempDir(), "a\x00b"), "peer"); err == nil {
		t.Error("an impossible folder was opened")
	}
}

func TestStoreEachMayWriteAndStops(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	put(t, s, "k", "1", 1)
	put(t, s, "k", "2", 2)
	seen := 0
	stop := errors.New("stop")
	err := s.Each("k", func(id string, _ json.RawMessage) error {
		seen++
		put(t, s, "k", id+"x", 0)
		return stop
	})
	if !errors.Is(err, stop) || seen != 1 {
		t.Errorf("Each = %v after %d calls, want the error after one", err, seen)
	}
}

func TestStoreReset(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, "k", "1", 1)
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	put(t, s, "k", "2", 2)
	want := []string{"2=2"}
	if diff := cmp.Diff(want, content(t, s, "k")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.Close()
	if diff := cmp.Diff(want, content(t, open(t, dir), "k")); diff != "" {
		t.Errorf("after opening again (-want +got):\n%s", diff)
	}
}
