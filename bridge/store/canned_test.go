package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

func TestCannedReplies(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		replies := store.NewCannedReplies(r.Client, r.Prefix)
		expect := func(want ...store.Canned) {
			t.Helper()
			got, err := replies.List(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append([]store.Canned{}, want...), got); diff != "" {
				t.Errorf("replies (-want +got):\n%s", diff)
			}
			if n, err := replies.Count(t.Context()); n != len(want) || err != nil {
				t.Errorf("%d replies, %v; want %d", n, err, len(want))
			}
		}
		wants := func(got, want error) {
			t.Helper()
			if !errors.Is(got, want) {
				t.Errorf("error %v; want %v", got, want)
			}
		}
		hello := store.Canned{ID: "1", Folder: "Saudações", Title: "Olá", Short: "ola", Text: "Olá, {{contato.nome}}!"}
		bye := store.Canned{ID: "2", Folder: "encerramento", Title: "Até logo", Text: "Até logo!"}
		plain := store.Canned{ID: "3", Title: "Sem pasta", Short: "sp", Text: "x"}
		expect()
		for _, reply := range []store.Canned{hello, bye, plain, hello} {
			wants(replies.Add(t.Context(), reply), nil)
		}
		expect(plain, bye, hello)

		bye.Short = "OLA"
		wants(replies.Change(t.Context(), bye), store.ErrShortTaken)
		wants(replies.Add(t.Context(), store.Canned{ID: "4", Title: "t", Text: "x", Short: "ola"}), store.ErrShortTaken)
		wants(replies.Change(t.Context(), store.Canned{ID: "5", Title: "t", Text: "x"}), store.ErrNoCanned)
		bye.Short = ""
		expect(plain, bye, hello)

		hello.Short = "Oi" // its old one is free
		wants(replies.Change(t.Context(), hello), nil)
		bye.Short = "ola"
		wants(replies.Change(t.Context(), bye), nil)
		wants(replies.Change(t.Context(), plain), nil) // its own stays its own
		plain.Short = ""
		wants(replies.Change(t.Context(), plain), nil)
		expect(plain, bye, hello)
		wants(replies.Add(t.Context(), store.Canned{ID: "6", Title: "u", Text: "x", Short: "sp"}), nil)
		wants(replies.Drop(t.Context(), "6"), nil)
		wants(replies.Drop(t.Context(), "6"), store.ErrNoCanned)

		wants(replies.Drop(t.Context(), "2"), nil)
		wants(replies.Add(t.Context(), store.Canned{ID: "7", Folder: "z", Title: "v", Text: "x", Short: "ola"}), nil)
		expect(plain, hello, store.Canned{ID: "7", Folder: "z", Title: "v", Text: "x", Short: "ola"})
	})
}

func TestCannedRepliesAreNotEndless(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	replies := store.NewCannedReplies(r.Client, r.Prefix)
	for i := range store.MostCanned {
		if err := replies.Add(t.Context(), store.Canned{ID: fmt.Sprint(i), Title: "t", Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	more := store.Canned{ID: "more", Title: "t", Text: "x"}
	if err := replies.Add(t.Context(), more); !errors.Is(err, store.ErrCannedFull) {
		t.Errorf("one too many: %v", err)
	}
	if err := replies.Add(t.Context(), store.Canned{ID: "7", Title: "again", Text: "x"}); err != nil {
		t.Errorf("the same again: %v", err)
	}
}

// Of many who take a short name at once one has it.
func TestShortNamesAreUnique(t *testing.T) {
	t.Parallel()
	testredis.Each(t, func(t *testing.T, r *testredis.Redis) {
		t.Helper()
		var wg sync.WaitGroup
		var won atomic.Int64
		for i := range 8 {
			wg.Go(func() {
				err := store.NewCannedReplies(r.Client, r.Prefix).Add(t.Context(), store.Canned{ID: fmt.Sprint(i), Title: "t", Short: "nf", Text: "x"})
				switch {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, store.ErrShortTaken):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d have the short name", won.Load())
		}
	})
}

func TestCannedRepliesWithoutRedis(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	replies := store.NewCannedReplies(r.Client, r.Prefix)
	r.Client.HSet(t.Context(), r.Prefix+"{canned}", "bad", "no json")
	if list, err := replies.List(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
	r.Mini.Close()
	_, listed := replies.List(t.Context())
	_, counted := replies.Count(t.Context())
	for i, err := range []error{listed, counted, replies.Add(t.Context(), store.Canned{ID: "1"}), replies.Drop(t.Context(), "1")} {
		if err == nil {
			t.Errorf("call %d does not fail", i)
		}
	}
}
