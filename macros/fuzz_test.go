package macros_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// FuzzFold: no macro and no customer's name may bring it down, leave a template behind, or make a result that the journal loses.
func FuzzFold(f *testing.F) {
	for _, tt := range folded() {
		raw, err := json.Marshal(tt.actions)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, "Ana", "whatsapp vip")
	}
	for _, tt := range golden() {
		f.Add([]byte(tt.macro), "{{ticket.id}}", "")
	}
	f.Add([]byte(`[{"field":"comment_value","value":"{{ticket.requester.name}}{{ticket.requester.name}}"}]`), "{", "a")
	f.Add([]byte(`[{"field":"subject","value":"{% x %}"}]`), "{%", "a")
	f.Fuzz(func(t *testing.T, actions []byte, name, tags string) {
		m := zendesk.Macro{ID: 3, Active: true}
		if json.Unmarshal(actions, &m.Actions) != nil && json.Unmarshal(actions, &m) != nil {
			return
		}
		at := ticket()
		at.Requester.Name, at.Tags = name, strings.Fields(tags)
		got, err := macros.Fold(m, at)
		if (err == nil) != macros.Static(m, at) || err != nil && !errors.Is(err, macros.ErrDynamic) {
			t.Errorf("Fold: %v, Static: %v", err, macros.Static(m, at))
		}
		merged := macros.Merge(m, at, answered())
		for _, r := range []macros.Result{got, merged} {
			check(t, r, at.Tags)
		}
		if err == nil {
			got.ByZendesk = true
			wantResult(t, merged, got)
		}
	})
}

// check holds a result to what every result keeps.
func check(t *testing.T, r macros.Result, before []string) {
	t.Helper()
	for _, text := range []string{r.Subject, r.Comment.Text, r.Comment.HTML} {
		if strings.Contains(text, "{{") || strings.Contains(text, "{%") {
			t.Errorf("a template is left: %q", text)
		}
	}
	for _, tag := range r.AddTags {
		if slices.Contains(r.RemoveTags, tag) {
			t.Errorf("tag %q is added and removed", tag)
		}
	}
	after := r.Tags(before)
	for _, tag := range r.AddTags {
		if !slices.Contains(after, tag) {
			t.Errorf("tag %q is missing in %v", tag, after)
		}
	}
	if slices.ContainsFunc(r.RemoveTags, func(tag string) bool { return slices.Contains(after, tag) }) {
		t.Errorf("a tag is left in %v", after)
	}
	if !jsonText(r) {
		return // invalid UTF-8 is replaced by encoding/json
	}
	wantResult(t, reread(t, r), r)
}

// jsonText reports whether all texts of a result are valid UTF-8.
func jsonText(r macros.Result) bool {
	all := slices.Concat([]string{r.Subject, r.Comment.Text, r.Comment.HTML}, r.SetTags, r.AddTags, r.RemoveTags)
	for _, n := range r.Notes {
		all = append(all, n.Field)
	}
	return !slices.ContainsFunc(all, func(s string) bool { return strings.ToValidUTF8(s, "") != s })
}
