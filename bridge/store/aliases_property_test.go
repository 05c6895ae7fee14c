package store_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/testredis"
)

// someone draws a person with some of few ids, so that they meet often.
func someone(t *rapid.T) conversation.Person {
	id := func(kind string, most int) string {
		if n := rapid.IntRange(0, most).Draw(t, kind); n > 0 {
			return fmt.Sprint(kind, n)
		}
		return ""
	}
	return conversation.Person{UserID: id("BR.", 4), ParentUserID: id("BR.ENT.", 2), WaID: id("5511", 4), Phone: id("+5511", 4)}
}

// numbered names contacts by the order in which they first appear.
func numbered(contacts []string) []int {
	seen := map[string]int{"": 0}
	out := make([]int, len(contacts))
	for i, c := range contacts {
		if _, ok := seen[c]; !ok {
			seen[c] = len(seen)
		}
		out[i] = seen[c]
	}
	return out
}

// Whoever is resolved together with others becomes who they would have become one after the other, and so do all who come later.
func TestResolveTogetherIsResolveInTurn(t *testing.T) {
	t.Parallel()
	r := testredis.Mini(t)
	runs := 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		before := rapid.SliceOfN(rapid.Custom(someone), 0, 4).Draw(t, "before")
		people := rapid.SliceOfN(rapid.Custom(someone), 1, 10).Draw(t, "people")
		after := rapid.SliceOfN(rapid.Custom(someone), 0, 6).Draw(t, "after")
		size := rapid.SampledFrom([]int{0, 3, 100}).Draw(t, "cache")
		answers := func(name string, together bool) []int {
			aliases := store.NewAliases(r.Client, fmt.Sprintf("%s%d:%s:", r.Prefix, runs, name), ids(), size)
			var all []string
			resolve := func(people ...conversation.Person) {
				contacts, err := aliases.Resolve(t.Context(), people)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, contacts...)
			}
			for _, p := range before {
				resolve(p)
			}
			if together {
				resolve(people...)
			} else {
				for _, p := range people {
					resolve(p)
				}
			}
			for _, p := range after {
				resolve(p)
			}
			return numbered(all)
		}
		if diff := cmp.Diff(answers("turn", false), answers("together", true)); diff != "" {
			t.Errorf("contacts (-in turn +together):\n%s", diff)
		}
	})
}
