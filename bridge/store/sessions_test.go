package store_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// hall is a store of sessions under test.
type hall struct {
	*store.Sessions

	t *testing.T
	r *testredis.Redis
}

// openHall has sessions of a minute, and an hour at the longest.
func openHall(t *testing.T, r *testredis.Redis) hall {
	t.Helper()
	return hall{store.NewSessions(r.Client, r.Prefix, store.SessionTimes{
		Life: time.Minute, Longest: time.Hour, Grace: 10 * time.Second, Code: 20 * time.Second,
	}), t, r}
}

func (h hall) open(agent int64, data string) store.Session {
	h.t.Helper()
	s, err := h.Open(h.t.Context(), agent, []byte(data))
	if err != nil || s.Token == "" || s.Agent != agent {
		h.t.Fatalf("Open = %+v, %v", s, err)
	}
	return s
}

// opens wants a token to open the session of an agent, or none when data is "".
func (h hall) opens(token, data string) store.Session {
	h.t.Helper()
	s, ok, err := h.Find(h.t.Context(), token)
	if err != nil || ok != (data != "") || string(s.Data) != data {
		h.t.Errorf("Find = %q, %v, %v; want %q", s.Data, ok, err, data)
	}
	if s.Token != "" {
		h.t.Error("Find tells a token")
	}
	return s
}

func (h hall) renew(token, data string) store.Session {
	h.t.Helper()
	s, ok, err := h.Renew(h.t.Context(), token, []byte(data))
	if err != nil || !ok || s.Token == "" || s.Token == token {
		h.t.Fatalf("Renew = %+v, %v, %v", s, ok, err)
	}
	return s
}

// near wants a time to be so long after the store's own clock.
func (h hall) near(what string, at time.Time, after time.Duration) {
	h.t.Helper()
	if d := at.Sub(h.r.Now(h.t)); d > after+time.Second || d < after-10*time.Second {
		h.t.Errorf("%s is in %v, want %v", what, d, after)
	}
}

func TestSession(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		h := openHall(t, r)
		a, b := h.open(7, "ana"), h.open(7, "ana, elsewhere")
		h.near("its end", a.Expires, time.Minute)
		if a.ID == b.ID || a.Token == b.Token || !strings.HasPrefix(a.Token, a.ID+".") || len(a.Token) < 60 {
			t.Errorf("sessions %+v, %+v", a, b)
		}
		found := h.opens(a.Token, "ana")
		if found.ID != a.ID || found.Agent != 7 || found.Expires.Sub(a.Expires).Abs() > 5*time.Millisecond {
			t.Errorf("found %+v, want %+v", found, a)
		}
		h.opens(b.Token, "ana, elsewhere")
		if got, ok, err := h.Read(t.Context(), a.ID); err != nil || !ok || string(got.Data) != "ana" || got.Agent != 7 {
			t.Errorf("Read = %+v, %v, %v", got, ok, err)
		}
		openHall(t, r).opens(a.Token, "ana") // another instance
		for _, token := range []string{
			"", "7", "7.", "..", a.ID, a.ID + ".", a.ID + ".x", a.Token + "x", a.Token[:len(a.Token)-1], b.ID + strings.TrimPrefix(a.Token, a.ID),
			"8" + a.Token[1:], "0" + a.Token[1:], "-7" + a.Token[1:], "x" + a.Token[1:], a.Token + "." + a.Token, "7.a}b{.c", "7.a:b.c",
			"7." + strings.Repeat("a", 200) + ".b",
		} {
			h.opens(token, "")
		}
	})
}

// Nothing that opens a session lies in the store.
func TestSessionsKeepNoTokens(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	h := openHall(t, r)
	s := h.open(7, "ana")
	code, _, _, err := h.Code(t.Context(), s.Token)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{secretOf(s.Token), secretOf(code), secretOf(h.renew(s.Token, "ana").Token), "signed token"}
	if _, err := h.Spend(t.Context(), secrets[3], time.Minute); err != nil {
		t.Fatal(err)
	}
	dump := r.Mini.Dump()
	for _, secret := range secrets {
		if strings.Contains(dump, secret) {
			t.Errorf("the store holds %q", secret)
		}
	}
}

// secretOf is what of a token is secret.
func secretOf(token string) string { return token[strings.LastIndexByte(token, '.')+1:] }

func TestSessionExpires(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	h := openHall(t, r)
	s := h.open(7, "ana")
	r.Advance(59 * time.Second)
	h.opens(s.Token, "ana")
	r.Advance(2 * time.Second)
	h.opens(s.Token, "")
	if _, ok, err := h.Renew(t.Context(), s.Token, nil); err != nil || ok {
		t.Errorf("a session that expired is renewed: %v, %v", ok, err)
	}
	if _, ok, err := h.Read(t.Context(), s.ID); err != nil || ok {
		t.Errorf("a session that expired is read: %v, %v", ok, err)
	}
	if keys := r.Mini.Keys(); len(keys) != 1 { // the list of the agent's, which goes by the longest life
		t.Errorf("left: %q", keys)
	}
	r.Advance(time.Hour)
	if keys := r.Mini.Keys(); len(keys) != 0 {
		t.Errorf("left: %q", keys)
	}
}

func TestSessionRenewed(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	h := openHall(t, r)
	first := h.open(7, "ana")
	r.Advance(50 * time.Second)
	second := h.renew(first.Token, "ana, supervisor")
	h.near("the end", second.Expires, time.Minute)
	if second.ID != first.ID || second.Agent != 7 {
		t.Errorf("renewed %+v, want the session %q", second, first.ID)
	}
	h.opens(second.Token, "ana, supervisor")
	h.opens(first.Token, "ana, supervisor") // requests on their way
	r.Advance(9 * time.Second)
	third := h.renew(first.Token, "again") // the answer was lost
	h.opens(third.Token, "again")
	r.Advance(2 * time.Second)
	h.opens(first.Token, "")
	if _, ok, err := h.Renew(t.Context(), first.Token, nil); err != nil || ok {
		t.Errorf("an old token renews: %v, %v", ok, err)
	}
	h.opens(third.Token, "again")
}

// A token that is about to expire is not kept alive by its being renewed.
func TestOldTokenIsNotProlonged(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	h := openHall(t, r)
	first := h.open(7, "ana")
	r.Advance(57 * time.Second)
	h.renew(first.Token, "ana")
	r.Advance(4 * time.Second)
	h.opens(first.Token, "")
}

// However often it is renewed, a session ends an hour after it began.
func TestSessionEndsAtLast(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	h := openHall(t, r)
	s := h.open(7, "ana")
	for range 74 {
		r.Advance(48 * time.Second)
		s = h.renew(s.Token, "ana")
	}
	h.near("the end", s.Expires, 48*time.Second)
	r.Advance(49 * time.Second)
	h.opens(s.Token, "")
	if _, ok, err := h.Renew(t.Context(), s.Token, nil); err != nil || ok {
		t.Errorf("renewed beyond its end: %v, %v", ok, err)
	}
}

func TestSessionEnded(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		h := openHall(t, r)
		a, b, c := h.open(7, "a"), h.open(7, "b"), h.open(8, "c")
		old := a.Token
		a = h.renew(a.Token, "a")
		for range 2 { // twice is fine
			if err := h.End(t.Context(), a.ID); err != nil {
				t.Fatal(err)
			}
		}
		h.opens(a.Token, "")
		h.opens(old, "")
		h.opens(b.Token, "b")
		if _, ok, err := h.Renew(t.Context(), a.Token, []byte("a")); err != nil || ok {
			t.Errorf("an ended session is renewed: %v, %v", ok, err)
		}
		h.opens(a.Token, "")
		d := h.open(7, "d")
		if n, err := h.EndAll(t.Context(), 7); err != nil || n != 2 {
			t.Errorf("EndAll = %d, %v; want 2", n, err)
		}
		h.opens(b.Token, "")
		h.opens(d.Token, "")
		h.opens(c.Token, "c")
		if n, err := h.EndAll(t.Context(), 7); err != nil || n != 0 {
			t.Errorf("EndAll again = %d, %v; want 0", n, err)
		}
		if err := h.End(t.Context(), "nonsense"); err != nil {
			t.Error(err)
		}
		h.opens(h.open(7, "new").Token, "new")
	})
}

func TestCodes(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		h := openHall(t, r)
		s := h.open(7, "ana")
		code, expires, ok, err := h.Code(t.Context(), s.Token)
		if err != nil || !ok || secretOf(code) == secretOf(s.Token) {
			t.Fatalf("Code = %q, %v, %v", code, ok, err)
		}
		h.near("the code's end", expires, 20*time.Second)
		h.opens(code, "") // it is no token
		window, ok, err := h.Redeem(t.Context(), code)
		if err != nil || !ok || window.ID == s.ID || window.Agent != 7 || string(window.Data) != "ana" {
			t.Fatalf("Redeem = %+v, %v, %v", window, ok, err)
		}
		h.opens(window.Token, "ana")
		h.opens(s.Token, "ana")
		if _, ok, err := h.Redeem(t.Context(), code); err != nil || ok {
			t.Errorf("a code is good twice: %v, %v", ok, err)
		}
		if n, err := h.EndAll(t.Context(), 7); err != nil || n != 2 {
			t.Errorf("EndAll = %d, %v; want 2", n, err)
		}
		for _, bad := range []string{"", "nonsense", s.Token, s.ID, code + "x"} {
			if _, ok, err := h.Redeem(t.Context(), bad); err != nil || ok {
				t.Errorf("%q is a code: %v, %v", bad, ok, err)
			}
			if _, _, ok, err := h.Code(t.Context(), bad); err != nil || ok {
				t.Errorf("%q gives a code: %v, %v", bad, ok, err)
			}
		}
	})
}

// A code is good for a while, and while the session that it was made in lasts; what it opens ends with that at last.
func TestCodesEnd(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	h := openHall(t, r)
	s := h.open(7, "ana")
	make1 := func() string {
		t.Helper()
		code, _, ok, err := h.Code(t.Context(), s.Token)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		return code
	}
	redeem := func(code string, want bool) store.Session {
		t.Helper()
		got, ok, err := h.Redeem(t.Context(), code)
		if err != nil || ok != want {
			t.Errorf("Redeem = %v, %v; want %v", ok, err, want)
		}
		return got
	}
	late := make1()
	r.Advance(21 * time.Second)
	redeem(late, false)
	s = h.renew(s.Token, "ana")
	for range 73 {
		r.Advance(48 * time.Second)
		s = h.renew(s.Token, "ana")
	}
	window := redeem(make1(), true)
	r.Advance(45 * time.Second)
	window = h.renew(window.Token, "ana")
	h.near("the window's end", window.Expires, 30*time.Second)
	r.Advance(31 * time.Second)
	h.opens(window.Token, "")

	s = h.open(7, "ana")
	code := make1()
	if err := h.End(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	redeem(code, false)
}

func TestSpend(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		h := openHall(t, r)
		var got []bool
		for _, once := range []string{"a", "a", "b", "a"} {
			first, err := h.Spend(t.Context(), once, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, first)
		}
		if diff := cmp.Diff([]bool{true, false, true, false}, got); diff != "" {
			t.Error(diff)
		}
		if _, err := h.Spend(t.Context(), "late", -time.Second); err != nil {
			t.Error(err)
		}
	})
}

// The keys of a session share a slot, whatever its agent; those of agents do not.
func TestSessionKeysTogether(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	h := openHall(t, r)
	h.open(7, "a")
	h.open(8, "b")
	for _, key := range r.Mini.Keys() {
		if !strings.Contains(key, "sess:{7}") && !strings.Contains(key, "sess:{8}") {
			t.Errorf("key %q", key)
		}
	}
}

func TestSessionsTellFailures(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	h := openHall(t, r)
	s := h.open(7, "ana")
	code, _, _, err := h.Code(t.Context(), s.Token)
	if err != nil {
		t.Fatal(err)
	}
	r.Mini.SetError("ERR out of order")
	ctx := t.Context()
	for name, do := range map[string]func() error{
		"Open":   func() error { _, err := h.Open(ctx, 7, nil); return err },
		"Find":   func() error { _, _, err := h.Find(ctx, s.Token); return err },
		"Read":   func() error { _, _, err := h.Read(ctx, s.ID); return err },
		"Renew":  func() error { _, _, err := h.Renew(ctx, s.Token, nil); return err },
		"End":    func() error { return h.End(ctx, s.ID) },
		"EndAll": func() error { _, err := h.EndAll(ctx, 7); return err },
		"Code":   func() error { _, _, _, err := h.Code(ctx, s.Token); return err },
		"Redeem": func() error { _, _, err := h.Redeem(ctx, code); return err },
		"Spend":  func() error { _, err := h.Spend(ctx, "x", time.Minute); return err },
	} {
		if err := do(); err == nil || bytes.Contains([]byte(err.Error()), []byte(secretOf(s.Token))) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
