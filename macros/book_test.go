package macros_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// account is a simulated one that counts.
type account struct {
	mu      sync.Mutex
	now     time.Time
	list    []zendesk.Macro
	applied zendesk.Applied
	err     error // of the next calls
	reads   int
	applies [][2]int64
	hold    chan struct{} // when not nil, a reading waits for it
	began   chan struct{} // when not nil, told of every reading
}

func (a *account) Macros(ctx context.Context) ([]zendesk.Macro, error) {
	a.mu.Lock()
	a.reads++
	list, err, hold, began := a.list, a.err, a.hold, a.began
	a.mu.Unlock()
	if began != nil {
		began <- struct{}{}
	}
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return list, err
}

func (a *account) ApplyMacro(_ context.Context, ticketID, macroID int64) (zendesk.Applied, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.applies = append(a.applies, [2]int64{ticketID, macroID})
	return a.applied, a.err
}

// change alters the account.
func (a *account) change(f func(*account)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f(a)
}

// clock tells the account's time.
func (a *account) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

// wantReads checks how often the list was read.
func (a *account) wantReads(t *testing.T, want int) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.reads != want {
		t.Errorf("the list was read %d times, want %d", a.reads, want)
	}
}

// setupBook returns an account with some macros and its book.
func setupBook(t *testing.T) (*account, *macros.Book) {
	t.Helper()
	a := &account{now: noon(), applied: answered(), list: []zendesk.Macro{
		{ID: 101, Title: "Atendimento Whatsapp (Oficial)", Active: true, Actions: []zendesk.MacroAction{act("status", `"solved"`)}},
		{ID: 102, Title: "WhatsApp::N2::Transferência", Active: true},
		{ID: 103, Title: "Desligada", Active: false},
		{ID: 104, Title: "Auditoria Whatsapp |Ticket não assumido", Active: true},
		{ID: 105, Title: "Dinâmica", Active: true, Actions: []zendesk.MacroAction{act("subject", `"{{dc.x}}"`), act("priority", `"high"`)}},
		{ID: 106, Title: "Dinâmica", Active: true},
		{ID: 107, Title: "101", Active: true},
		{ID: 108, Title: "2026", Active: true},
	}}
	return a, macros.NewBook(a, a.clock)
}

func TestBookFind(t *testing.T) {
	t.Parallel()
	_, book := setupBook(t)
	for ref, want := range map[string]int64{
		"101": 101, " 102 ": 102,
		"Atendimento Whatsapp (Oficial)":           101,
		"  atendimento   WHATSAPP\t(oficial) ":     101,
		"WhatsApp::N2::Transferência":              102,
		"whatsapp :: n2 ::  TRANSFERÊNCIA":         102,
		"Auditoria Whatsapp | Ticket não assumido": 104,
		"Auditoria Whatsapp|Ticket não assumido":   104,
		"Dinâmica":                         105,
		"2026":                             108,
		"Transferência":                    0,
		"N2::Transferência":                0,
		"Desligada":                        0,
		"103":                              0,
		"999":                              0,
		"Atendimento Whatsapp (Oficial) 2": 0,
		"Atendimento Whatsapp":             0,
		"":                                 0,
		"  ":                               0,
		"99999999999999999999999999999999999999999": 0,
	} {
		got, ok, err := book.Find(t.Context(), ref)
		if err != nil || ok != (want != 0) || got.ID != want {
			t.Errorf("Find(%q) = %d, %v, %v; want %d", ref, got.ID, ok, err, want)
		}
	}
}

func TestBookAge(t *testing.T) {
	t.Parallel()
	a, book := setupBook(t)
	find := func(ref string, want bool) {
		t.Helper()
		if _, ok, err := book.Find(t.Context(), ref); ok != want || err != nil {
			t.Errorf("Find(%s) = %v, %v", ref, ok, err)
		}
	}
	after := func(d time.Duration) { a.change(func(a *account) { a.now = noon().Add(d) }) }
	find("101", true)
	find("102", true)
	find("Nova", false)
	a.wantReads(t, 1)

	after(59 * time.Second)
	a.change(func(a *account) { a.list = append(a.list, zendesk.Macro{ID: 110, Title: "Nova", Active: true}) })
	find("Nova", false)
	a.wantReads(t, 1)
	after(time.Minute)
	find("Nova", true)
	a.wantReads(t, 2)
	find("nada", false)
	a.wantReads(t, 2)

	after(time.Minute + macros.Life - time.Second)
	find("101", true)
	a.wantReads(t, 2)
	after(time.Minute + macros.Life)
	a.change(func(a *account) { a.list = a.list[1:] })
	find("101", true) // by its title
	find("102", true)
	a.wantReads(t, 3)
	if all, err := book.All(t.Context()); err != nil || len(all) != 7 {
		t.Errorf("All = %d macros, %v; want the 7 active ones", len(all), err)
	}
	a.wantReads(t, 3)
}

func TestBookReadFails(t *testing.T) {
	t.Parallel()
	a, book := setupBook(t)
	broken := errors.New("broken")
	a.change(func(a *account) { a.err = broken })
	if _, ok, err := book.Find(t.Context(), "101"); ok || !errors.Is(err, broken) {
		t.Errorf("Find = %v, %v", ok, err)
	}
	if _, ok, err := book.Run(t.Context(), "101", ticket()); ok || !errors.Is(err, broken) {
		t.Errorf("Run = %v, %v", ok, err)
	}
	if _, err := book.All(t.Context()); !errors.Is(err, broken) {
		t.Errorf("All: %v", err)
	}
	a.change(func(a *account) { a.err = nil })
	if _, ok, err := book.Find(t.Context(), "101"); !ok || err != nil {
		t.Errorf("Find after it healed = %v, %v", ok, err)
	}
	// A miss that can't be checked is no "no such macro".
	a.change(func(a *account) { a.err, a.now = broken, noon().Add(2*time.Minute) })
	if _, ok, err := book.Find(t.Context(), "Nova"); ok || !errors.Is(err, broken) {
		t.Errorf("miss = %v, %v", ok, err)
	}
	if _, ok, err := book.Find(t.Context(), "101"); !ok || err != nil {
		t.Errorf("what is known = %v, %v", ok, err)
	}
}

func TestBookReadsOnceForAll(t *testing.T) {
	t.Parallel()
	a, book := setupBook(t)
	a.hold, a.began = make(chan struct{}), make(chan struct{}, 1)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, ok, err := book.Find(t.Context(), "101"); !ok || err != nil {
				t.Errorf("Find = %v, %v", ok, err)
			}
		})
	}
	<-a.began
	close(a.hold)
	wg.Wait()
	a.wantReads(t, 1)
}

// TestBookPatience: who gives up gets an error at once, and the others get the list all the same.
func TestBookPatience(t *testing.T) {
	t.Parallel()
	a, book := setupBook(t)
	a.hold, a.began = make(chan struct{}), make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(t.Context())
	gaveUp := make(chan error)
	go func() {
		_, _, err := book.Find(ctx, "101")
		gaveUp <- err
	}()
	<-a.began
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, ok, err := book.Find(t.Context(), "101"); !ok || err != nil {
			t.Errorf("Find = %v, %v", ok, err)
		}
	})
	cancel()
	if err := <-gaveUp; !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want that of the context", err)
	}
	close(a.hold)
	wg.Wait()
	a.wantReads(t, 1)
}

func TestBookRun(t *testing.T) {
	t.Parallel()
	a, book := setupBook(t)
	got, found, err := book.Run(t.Context(), "Atendimento Whatsapp (Oficial)", ticket())
	if err != nil || !found || len(a.applies) != 0 {
		t.Errorf("static macro: %v, %v, %d apply calls", found, err, len(a.applies))
	}
	wantResult(t, got, macros.Result{MacroID: 101, Status: "solved"})

	got, found, err = book.Run(t.Context(), "Dinâmica", ticket())
	if err != nil || !found || len(a.applies) != 1 || a.applies[0] != [2]int64{7, 105} {
		t.Errorf("dynamic macro: %v, %v, apply calls %v", found, err, a.applies)
	}
	wantResult(t, got, macros.Result{MacroID: 105, Subject: "assunto", Priority: "high", ByZendesk: true})

	got, found, err = book.Run(t.Context(), "nada", ticket())
	if err != nil || found {
		t.Errorf("no macro: %v, %v", found, err)
	}
	wantResult(t, got, macros.Result{})

	at := ticket()
	at.ID = 0
	got, found, err = book.Run(t.Context(), "105", at)
	if !errors.Is(err, macros.ErrNoTicket) || !errors.Is(err, macros.ErrDynamic) || !found || len(a.applies) != 1 {
		t.Errorf("no ticket: %v, %v, %d apply calls", found, err, len(a.applies))
	}
	wantResult(t, got, macros.Result{})
}

func TestBookRunFails(t *testing.T) {
	t.Parallel()
	for kind, reads := range map[zendesk.Kind]int{zendesk.KindServer: 1, zendesk.KindNotFound: 2} {
		t.Run(strconv.Itoa(int(kind)), func(t *testing.T) {
			t.Parallel()
			a, book := setupBook(t)
			if _, _, err := book.Find(t.Context(), "105"); err != nil {
				t.Fatal(err)
			}
			a.change(func(a *account) { a.err = &zendesk.Error{Op: "apply macro", Kind: kind} })
			got, found, err := book.Run(t.Context(), "105", ticket())
			if zendesk.KindOf(err) != kind || !found {
				t.Errorf("Run = %v, %v", found, err)
			}
			wantResult(t, got, macros.Result{})
			// A macro that is gone is looked for again.
			a.change(func(a *account) { a.err, a.list = nil, nil })
			if _, found, err = book.Run(t.Context(), "105", ticket()); err != nil || found != (kind == zendesk.KindServer) {
				t.Errorf("again = %v, %v", found, err)
			}
			a.wantReads(t, reads)
		})
	}
}
