package macros_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// folded are actions and what they come to on ticket().
func folded() map[string]struct {
	actions []zendesk.MacroAction
	want    macros.Result
} {
	type cases = map[string]struct {
		actions []zendesk.MacroAction
		want    macros.Result
	}
	type acts = []zendesk.MacroAction
	text := func(s string) macros.Result { return macros.Result{Comment: macros.Comment{Text: s}} }
	return cases{
		"nothing":          {nil, macros.Result{}},
		"status":           {acts{act("status", `"solved"`)}, macros.Result{Status: "solved"}},
		"status in a list": {acts{act("status", `["pending"]`)}, macros.Result{Status: "pending"}},
		"last one wins":    {acts{act("status", `"open"`), act("status", `"hold"`)}, macros.Result{Status: "hold"}},
		"custom status":    {acts{act("custom_status_id", `"88"`)}, macros.Result{CustomStatusID: 88}},
		"priority":         {acts{act("priority", `"urgent"`)}, macros.Result{Priority: "urgent"}},
		"no priority":      {acts{act("priority", `""`)}, macros.Result{Notes: notes("priority", macros.ReasonCannotClear)}},
		"type":             {acts{act("type", `"task"`)}, macros.Result{Type: "task"}},
		"no type":          {acts{act("type", `""`)}, macros.Result{Notes: notes("type", macros.ReasonCannotClear)}},
		"form":             {acts{act("ticket_form_id", `"5"`)}, macros.Result{FormID: 5}},
		"brand":            {acts{act("brand_id", `6`)}, macros.Result{BrandID: 6}},
		"subject":          {acts{act("subject", `"Whats - {{ticket.title}}"`)}, macros.Result{Subject: "Whats - Nota fiscal <2>"}},
		"group":            {acts{act("group_id", `"71"`)}, macros.Result{GroupID: zendesk.RefTo(71)}},
		"group as number":  {acts{act("group_id", `71`)}, macros.Result{GroupID: zendesk.RefTo(71)}},
		"no group":         {acts{act("group_id", `""`)}, macros.Result{GroupID: zendesk.NoRef()}},
		"agent's group":    {acts{act("group_id", `"current_groups"`)}, macros.Result{GroupID: zendesk.RefTo(70)}},
		"assignee":         {acts{act("assignee_id", `"33"`)}, macros.Result{AssigneeID: zendesk.RefTo(33)}},
		"no assignee":      {acts{act("assignee_id", `""`)}, macros.Result{AssigneeID: zendesk.NoRef()}},
		"acting agent":     {acts{act("assignee_id", `"current_user"`)}, macros.Result{AssigneeID: zendesk.RefTo(31)}},
		"to the requester": {acts{act("assignee_id", `"requester_id"`)}, macros.Result{AssigneeID: zendesk.RefTo(21)}},
		"copy":             {acts{act("cc", `"34"`), act("cc", `"current_user"`), act("cc", `34`)}, macros.Result{CCs: []int64{34, 31}}},
		"comment":          {acts{act("comment_value", `"Olá"`)}, text("Olá")},
		"for all channels": {acts{act("comment_value", `["channel:all","Olá"]`)}, text("Olá")},
		"for the web":      {acts{act("comment_value", `["channel:web","Olá"]`)}, text("Olá")},
		"list of one":      {acts{act("comment_value", `["Olá"]`)}, text("Olá")},
		"web before all": {
			acts{act("comment_value", `["channel:web","w"]`), act("comment_value", `["channel:all","a"]`)}, text("w"),
		},
		"web after all": {
			acts{act("comment_value", `["channel:all","a"]`), act("comment_value", `["channel:web","w"]`)}, text("w"),
		},
		"for the chat alone": {
			acts{act("comment_value", `["channel:chat","c"]`)}, macros.Result{Notes: notes("comment_value", macros.ReasonOtherChannel)},
		},
		"for web and chat": {
			acts{act("comment_value", `["channel:web","w"]`), act("comment_value", `["channel:chat","c"]`)},
			macros.Result{Comment: macros.Comment{Text: "w"}, Notes: notes("comment_value", macros.ReasonOtherChannel)},
		},
		"HTML": {
			acts{act("comment_value_html", `"<p>Olá, {{ticket.organization.name}}</p>"`)},
			macros.Result{Comment: macros.Comment{HTML: "<p>Olá, Acme &amp; Filhos</p>"}},
		},
		"HTML for the chat": {
			acts{act("comment_value_html", `["channel:chat","<p>c</p>"]`)},
			macros.Result{Notes: notes("comment_value_html", macros.ReasonOtherChannel)},
		},
		"text and HTML": {
			acts{act("comment_value", `"t"`), act("comment_value_html", `["channel:all","<p>h</p>"]`)},
			macros.Result{Comment: macros.Comment{Text: "t", HTML: "<p>h</p>"}},
		},
		"public":            {acts{act("comment_mode_is_public", `true`)}, macros.Result{Comment: macros.Comment{Public: true, PublicSet: true}}},
		"private":           {acts{act("comment_mode_is_public", `"false"`)}, macros.Result{Comment: macros.Comment{PublicSet: true}}},
		"private in a list": {acts{act("comment_mode_is_public", `["false"]`)}, macros.Result{Comment: macros.Comment{PublicSet: true}}},
		"drop-down":         {acts{act("custom_fields_360", `"z_outros"`)}, macros.Result{Fields: fields(360, `"z_outros"`)}},
		"checkbox":          {acts{act("custom_fields_360", `true`)}, macros.Result{Fields: fields(360, `true`)}},
		"number":            {acts{act("custom_fields_360", `12.50`)}, macros.Result{Fields: fields(360, `12.50`)}},
		"multi-select":      {acts{act("custom_fields_360", `["a", "b"]`)}, macros.Result{Fields: fields(360, `["a","b"]`)}},
		"empty field":       {acts{act("custom_fields_360", `null`)}, macros.Result{Fields: fields(360, `null`)}},
		"two fields": {
			acts{act("custom_fields_360", `"a"`), act("custom_fields_361", `"b"`), act("custom_fields_360", `"c"`)},
			macros.Result{Fields: map[int64]json.RawMessage{360: json.RawMessage(`"c"`), 361: json.RawMessage(`"b"`)}},
		},
		"side conversation": {
			acts{act("side_conversation", `["s","<p>b</p>","text/html"]`), act("side_conversation_slack", `{"odd":1}`), act("status", `"open"`)},
			macros.Result{Status: "open", Notes: []macros.Note{
				{Field: "side_conversation", Reason: macros.ReasonNoTicketChange}, {Field: "side_conversation_slack", Reason: macros.ReasonNoTicketChange},
			}},
		},
		"notification": {acts{act("notification_user", `["1","s","b"]`)}, macros.Result{Notes: notes("notification_user", macros.ReasonNoTicketChange)}},
		"follower":     {acts{act("follower", `"1"`)}, macros.Result{Notes: notes("follower", macros.ReasonNoTicketChange)}},
		"noted once":   {acts{act("follower", `"1"`), act("follower", `"2"`)}, macros.Result{Notes: notes("follower", macros.ReasonNoTicketChange)}},
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for name, tt := range folded() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := macros.Fold(macro(tt.actions...), ticket())
			if err != nil || !macros.Static(macro(tt.actions...), ticket()) {
				t.Fatalf("not static: %v", err)
			}
			want := tt.want
			want.MacroID = 3
			wantResult(t, got, want)
		})
	}
}

func TestFoldTags(t *testing.T) {
	t.Parallel()
	type acts = []zendesk.MacroAction
	for _, tt := range []struct {
		name    string
		actions acts
		want    macros.Result
		after   []string // of a ticket with a and b
	}{
		{"add", acts{act("current_tags", `"c  A"`)}, macros.Result{AddTags: []string{"c", "a"}}, []string{"a", "b", "c"}},
		{"add a list", acts{act("current_tags", `["c","d e"]`)}, macros.Result{AddTags: []string{"c", "d", "e"}}, []string{"a", "b", "c", "d", "e"}},
		{"remove", acts{act("remove_tags", `"a x"`)}, macros.Result{RemoveTags: []string{"a", "x"}}, []string{"b"}},
		{"set", acts{act("set_tags", `"c c"`)}, macros.Result{SetTags: []string{"c"}}, []string{"c"}},
		{"clear", acts{act("set_tags", `""`)}, macros.Result{SetTags: []string{}}, []string{}},
		{"add nothing", acts{act("current_tags", `""`)}, macros.Result{}, []string{"a", "b"}},
		{
			"remove what was added",
			acts{act("current_tags", `"c d"`), act("remove_tags", `"c"`)},
			macros.Result{AddTags: []string{"d"}, RemoveTags: []string{"c"}},
			[]string{"a", "b", "d"},
		},
		{
			"add what was removed",
			acts{act("remove_tags", `"a"`), act("current_tags", `"a"`)},
			macros.Result{AddTags: []string{"a"}},
			[]string{"a", "b"},
		},
		{
			"set, then change",
			acts{act("set_tags", `"c d"`), act("current_tags", `"e"`), act("remove_tags", `"c"`)},
			macros.Result{SetTags: []string{"d", "e"}},
			[]string{"d", "e"},
		},
		{"set to what is removed again", acts{act("set_tags", `"c"`), act("remove_tags", `"c"`)}, macros.Result{SetTags: []string{}}, []string{}},
		{"change, then set", acts{act("current_tags", `"e"`), act("set_tags", `"c"`)}, macros.Result{SetTags: []string{"c"}}, []string{"c"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := macros.Fold(macro(tt.actions...), macros.Ticket{})
			if err != nil {
				t.Fatal(err)
			}
			tt.want.MacroID = 3
			wantResult(t, got, tt.want)
			wantTags(t, got.Tags([]string{"a", "b"}), tt.after)
			touched := len(tt.want.AddTags)+len(tt.want.RemoveTags) > 0 || tt.want.SetTags != nil
			if got.TouchesTags() != touched {
				t.Errorf("TouchesTags = %v", got.TouchesTags())
			}
		})
	}
}

// TestFoldWithoutAgent: nobody is known to act, and Zendesk would take the API user for the current one.
func TestFoldWithoutAgent(t *testing.T) {
	t.Parallel()
	at := ticket()
	at.Agent = macros.Person{}
	got, err := macros.Fold(macro(act("assignee_id", `"33"`), act("assignee_id", `"current_user"`), act("group_id", `"current_groups"`),
		act("cc", `"current_user"`)), at)
	if err != nil {
		t.Fatal(err)
	}
	wantResult(t, got, macros.Result{MacroID: 3, AssigneeID: zendesk.RefTo(33), Notes: []macros.Note{
		{Field: "assignee_id", Reason: macros.ReasonNoAgent},
		{Field: "group_id", Reason: macros.ReasonNoAgent},
		{Field: "cc", Reason: macros.ReasonNoAgent},
	}})
}

// dynamic are actions that only Zendesk can carry out.
func dynamic() map[string]zendesk.MacroAction {
	return map[string]zendesk.MacroAction{
		"unknown action":              act("locale_id", `"1"`),
		"no field":                    act("", `"1"`),
		"status macros do not have":   act("status", `"new"`),
		"status that is none":         act("status", `"feito"`),
		"status that is closed":       act("status", `"closed"`),
		"no status":                   act("status", `""`),
		"status is null":              act("status", `null`),
		"empty list":                  act("status", `[]`),
		"no value":                    act("status", ``),
		"priority of another account": act("priority", `"alta"`),
		"type that is none":           act("type", `"x"`),
		"group by name":               act("group_id", `"Suporte"`),
		"negative id":                 act("group_id", `-1`),
		"fraction":                    act("group_id", `1.5`),
		"assignee is null":            act("assignee_id", `null`),
		"assignee of another kind":    act("assignee_id", `"all_agents"`),
		"copy by address":             act("cc", `"ana@example.com"`),
		"form is none":                act("ticket_form_id", `""`),
		"mode is no truth":            act("comment_mode_is_public", `"talvez"`),
		"mode is an object":           act("comment_mode_is_public", `{"a":true}`),
		"statement":                   act("comment_value", `"{% if ticket.tags contains 'vip' %}Olá{% endif %}"`),
		"dynamic content":             act("comment_value", `"{{dc.despedida}}"`),
		"filter":                      act("comment_value", `"{{ticket.title | upcase}}"`),
		"unknown placeholder":         act("comment_value", `"{{ticket.latest_comment}}"`),
		"localised placeholder":       act("comment_value", `"{{ticket.status}}"`),
		"placeholder is not closed":   act("comment_value", `"{{ticket.id"`),
		"placeholder without a name":  act("comment_value", `"{{ }}"`),
		"three braces":                act("comment_value", `"{{{ticket.id}}}"`),
		"template in HTML":            act("comment_value_html", `"<p>{{ticket.description}}</p>"`),
		"template in the subject":     act("subject", `"{{ticket.priority}}"`),
		"template in the tags":        act("current_tags", `"a {{ticket.id}}"`),
		"template in a field":         act("custom_fields_360", `"{{ticket.id}}"`),
		"escaped template in a field": act("custom_fields_360", `"\u007b{ticket.id}}"`),
		"field is an object":          act("custom_fields_360", `{"a":1}`),
		"field is a list of lists":    act("custom_fields_360", `[["a"]]`),
		"field without an id":         act("custom_fields_", `"a"`),
		"field with a strange id":     act("custom_fields_x", `"a"`),
		"two texts":                   act("comment_value", `["a","b"]`),
		"three texts":                 act("comment_value", `["channel:all","a","b"]`),
		"no text":                     act("comment_value", `[]`),
		"two texts in HTML":           act("comment_value_html", `["a","b"]`),
		"text is null":                act("comment_value", `[null]`),
	}
}

func TestFoldRefuses(t *testing.T) {
	t.Parallel()
	for name, action := range dynamic() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := macro(act("priority", `"low"`), action)
			got, err := macros.Fold(m, ticket())
			if !errors.Is(err, macros.ErrDynamic) || macros.Static(m, ticket()) {
				t.Errorf("error = %v, want ErrDynamic", err)
			}
			wantResult(t, got, macros.Result{})
		})
	}
}
