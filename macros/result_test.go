package macros_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// wantTags compares lists of tags, an empty one with none.
func wantTags(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("tags = %v, want %v", got, want)
	}
}

// reread returns a result as it comes out of a journal.
func reread(t *testing.T, r macros.Result) macros.Result {
	t.Helper()
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatalf("marshal: %v", err)
	}
	var out macros.Result
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("unmarshal: %v: %s", err, raw)
	}
	return out
}

func TestResultSurvivesTheJournal(t *testing.T) {
	t.Parallel()
	full := macros.Result{
		MacroID: 3, Comment: macros.Comment{Text: "t", HTML: "<b>t</b>", Public: true, PublicSet: true}, Subject: "s", Status: "solved",
		CustomStatusID: 88, Priority: "low", Type: "task", AssigneeID: zendesk.NoRef(), GroupID: zendesk.RefTo(70), FormID: 5, BrandID: 6,
		Fields: map[int64]json.RawMessage{360: json.RawMessage(`["a","b"]`), 361: json.RawMessage(`null`)}, SetTags: []string{"a"},
		CCs: []int64{34}, Notes: notes("follower", macros.ReasonNoTicketChange), ByZendesk: true,
	}
	for name, r := range map[string]macros.Result{
		"full": full, "nothing": {}, "clears the tags": {SetTags: []string{}}, "private": {Comment: macros.Comment{PublicSet: true}},
		"tags": {AddTags: []string{"a"}, RemoveTags: []string{"b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantResult(t, reread(t, r), r)
		})
	}
	raw, err := json.Marshal(macros.Result{MacroID: 3})
	if err != nil || string(raw) != `{"macro_id":3}` {
		t.Errorf("a result that does nothing = %s, %v", raw, err)
	}
}

func TestResultTagsLeavesItsArgument(t *testing.T) {
	t.Parallel()
	before := []string{"a", "b"}
	r := macros.Result{AddTags: []string{"c"}, RemoveTags: []string{"a"}}
	wantTags(t, r.Tags(before), []string{"b", "c"})
	wantTags(t, before, []string{"a", "b"})
	set := macros.Result{SetTags: []string{"x"}}
	set.Tags(nil)[0] = "y"
	wantTags(t, set.SetTags, []string{"x"})
}

func TestResultCustomFields(t *testing.T) {
	t.Parallel()
	r := macros.Result{Fields: map[int64]json.RawMessage{361: json.RawMessage(`["a"]`), 360: json.RawMessage(`"old"`)}}
	got, err := r.CustomFields(map[int64]json.RawMessage{360: json.RawMessage(`"new"`), 9: json.RawMessage(`null`)})
	const want = `[{"id":9,"value":null},{"id":360,"value":"new"},{"id":361,"value":["a"]}]`
	if err != nil || string(got) != want {
		t.Errorf("CustomFields = %s, %v; want %s", got, err, want)
	}
	if diff := cmp.Diff(`"old"`, string(r.Fields[360])); diff != "" {
		t.Errorf("the result was changed:\n%s", diff)
	}
	if got, err = (macros.Result{}).CustomFields(nil); got != nil || err != nil {
		t.Errorf("no fields = %s, %v", got, err)
	}
}

func TestCommentEmpty(t *testing.T) {
	t.Parallel()
	for c, want := range map[macros.Comment]bool{{}: true, {Public: true, PublicSet: true}: true, {Text: "x"}: false, {HTML: "x"}: false} {
		if c.Empty() != want {
			t.Errorf("%+v: Empty = %v", c, !want)
		}
	}
}
