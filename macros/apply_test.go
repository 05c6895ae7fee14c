package macros_test

import (
	"encoding/json"
	"testing"

	"github.com/ponte-desk/ponte/macros"
	"github.com/ponte-desk/ponte/zendesk"
)

// answered is ticket() after a macro, by Zendesk.
func answered() zendesk.Applied {
	return zendesk.Applied{
		Ticket: zendesk.Ticket{
			ID: 7, Status: "closed", CustomStatusID: 89, Priority: "low", Type: "task", Subject: "assunto", AssigneeID: 99, GroupID: 72,
			TicketFormID: 5, BrandID: 6, Tags: []string{"whatsapp", "novo"},
			CustomFields: []zendesk.CustomField{
				{ID: 360, Value: json.RawMessage(`"abc"`)}, {ID: 361, Value: json.RawMessage(`null`)}, {ID: 362, Value: json.RawMessage(`[ 1 ]`)},
			},
		},
		Comment: &zendesk.AppliedComment{Body: "corpo", HTMLBody: "<p>corpo</p>", Public: new(true)},
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	type acts = []zendesk.MacroAction
	silent := answered()
	silent.Comment = nil
	plain := answered()
	plain.Comment = &zendesk.AppliedComment{Body: "corpo {{x}}"}
	empty := zendesk.Applied{}
	for _, tt := range []struct {
		name    string
		actions acts
		applied zendesk.Applied
		want    macros.Result
	}{
		{"nothing", nil, answered(), macros.Result{}},
		{"what the macro does not name stays", acts{act("locale_id", `"1"`)}, answered(), macros.Result{
			Notes: notes("locale_id", macros.ReasonUnknownAction),
		}},
		{
			"what is static is folded",
			acts{act("status", `"solved"`), act("assignee_id", `"current_user"`), act("current_tags", `"a"`)},
			answered(),
			macros.Result{Status: "solved", AssigneeID: zendesk.RefTo(31), AddTags: []string{"a"}},
		},
		{"status", acts{act("status", `"closed"`)}, answered(), macros.Result{Status: "closed"}},
		{"priority", acts{act("priority", `"baixa"`)}, answered(), macros.Result{Priority: "low"}},
		{"type", acts{act("type", `"tarefa"`)}, answered(), macros.Result{Type: "task"}},
		{"subject", acts{act("subject", `"{{dc.assunto}}"`)}, answered(), macros.Result{Subject: "assunto"}},
		{"custom status", acts{act("custom_status_id", `"x"`)}, answered(), macros.Result{CustomStatusID: 89}},
		{"form", acts{act("ticket_form_id", `"x"`)}, answered(), macros.Result{FormID: 5}},
		{"brand", acts{act("brand_id", `"x"`)}, answered(), macros.Result{BrandID: 6}},
		{"group", acts{act("group_id", `"x"`)}, answered(), macros.Result{GroupID: zendesk.RefTo(72)}},
		{"no group", acts{act("group_id", `"x"`)}, empty, macros.Result{GroupID: zendesk.NoRef()}},
		{"assignee", acts{act("assignee_id", `"x"`)}, answered(), macros.Result{AssigneeID: zendesk.RefTo(99)}},
		{"no assignee", acts{act("assignee_id", `"x"`)}, empty, macros.Result{AssigneeID: zendesk.NoRef()}},
		{"field", acts{act("custom_fields_360", `"{{ticket.id}}"`)}, answered(), macros.Result{Fields: fields(360, `"abc"`)}},
		{"field that is empty", acts{act("custom_fields_361", `{}`)}, answered(), macros.Result{Fields: fields(361, `null`)}},
		{"field that is a list", acts{act("custom_fields_362", `{}`)}, answered(), macros.Result{Fields: fields(362, `[1]`)}},
		{"field that the answer lacks", acts{act("custom_fields_363", `{}`)}, answered(), macros.Result{
			Notes: notes("custom_fields_363", macros.ReasonUnknownAction),
		}},
		{"text", acts{act("comment_value", `"{{dc.x}}"`)}, answered(), macros.Result{Comment: macros.Comment{Text: "corpo"}}},
		{"text with what is left of a template", acts{act("comment_value", `"{{dc.x}}"`)}, plain, macros.Result{
			Comment: macros.Comment{Text: "corpo { {x}}"},
		}},
		{"text that Zendesk left out", acts{act("comment_value", `"{{dc.x}}"`)}, silent, macros.Result{}},
		{
			"Zendesk's choice of text stays",
			acts{act("comment_value", `["channel:web","{{dc.x}}"]`), act("comment_value", `["channel:all","a"]`)},
			answered(),
			macros.Result{Comment: macros.Comment{Text: "corpo"}},
		},
		{"HTML", acts{act("comment_value_html", `"{{dc.x}}"`)}, answered(), macros.Result{Comment: macros.Comment{HTML: "<p>corpo</p>"}}},
		{"HTML that came as text", acts{act("comment_value_html", `"{{dc.x}}"`)}, plain, macros.Result{
			Comment: macros.Comment{Text: "corpo { {x}}"},
		}},
		{
			"static text, static mode",
			acts{
				act("comment_value", `"Olá, {{current_user.first_name}}"`), act("comment_mode_is_public", `false`),
				act("status", `"closed"`),
			},
			answered(),
			macros.Result{Status: "closed", Comment: macros.Comment{Text: "Olá, João", PublicSet: true}},
		},
		{"mode", acts{act("comment_mode_is_public", `"?"`)}, answered(), macros.Result{Comment: macros.Comment{Public: true, PublicSet: true}}},
		{"mode that Zendesk left out", acts{act("comment_mode_is_public", `"?"`)}, plain, macros.Result{}},
		{"the API user's name", acts{act("comment_value", `"{{current_user.name}} {{dc.x}}"`)}, answered(), macros.Result{
			Comment: macros.Comment{Text: "corpo"}, Notes: notes("comment_value", macros.ReasonAPIUser),
		}},
		{"tags", acts{act("current_tags", `"{{ticket.id}}"`)}, answered(), macros.Result{AddTags: []string{"novo"}, RemoveTags: []string{"vip"}}},
		{
			"tags win over static ones",
			acts{act("set_tags", `"a"`), act("current_tags", `"{{ticket.id}}"`), act("remove_tags", `"b"`)},
			answered(),
			macros.Result{AddTags: []string{"novo"}, RemoveTags: []string{"vip"}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.want.MacroID, tt.want.ByZendesk = 3, true
			wantResult(t, macros.Merge(macro(tt.actions...), ticket(), tt.applied), tt.want)
		})
	}
}

func TestMergeTagsOfAnUnknownTicket(t *testing.T) {
	t.Parallel()
	m := macro(act("current_tags", `"{{ticket.id}}"`))
	got := macros.Merge(m, macros.Ticket{ID: 7}, answered())
	wantResult(t, got, macros.Result{MacroID: 3, ByZendesk: true, SetTags: []string{"whatsapp", "novo"}})
	got = macros.Merge(m, macros.Ticket{ID: 7}, zendesk.Applied{})
	wantResult(t, got, macros.Result{MacroID: 3, ByZendesk: true, SetTags: []string{}})
	at := macros.Ticket{ID: 7, Tags: []string{}}
	wantResult(t, macros.Merge(m, at, answered()), macros.Result{MacroID: 3, ByZendesk: true, AddTags: []string{"whatsapp", "novo"}})
}

// TestMergeOfWhatIsStatic: for a static macro Zendesk's answer changes nothing.
func TestMergeOfWhatIsStatic(t *testing.T) {
	t.Parallel()
	for name, tt := range folded() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.want.MacroID, tt.want.ByZendesk = 3, true
			wantResult(t, macros.Merge(macro(tt.actions...), ticket(), answered()), tt.want)
		})
	}
}
