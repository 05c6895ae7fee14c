package conversation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	const a, b = conversation.FlagNoCNPJ, conversation.FlagNoEmail
	var p conversation.Procedure
	for i, step := range []struct {
		flag conversation.Flag
		on   bool
		want []conversation.Flag
	}{
		{a, false, nil},
		{a, true, []conversation.Flag{a}},
		{a, true, []conversation.Flag{a}},
		{b, true, []conversation.Flag{a, b}},
		{a, false, []conversation.Flag{b}},
		{a, false, []conversation.Flag{b}},
		{a, true, []conversation.Flag{b, a}},
		{a, false, []conversation.Flag{b}},
		{b, false, nil},
	} {
		p.Set(step.flag, step.on)
		if diff := cmp.Diff(step.want, p.Flags, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("step %d (-want +got):\n%s", i, diff)
		}
		if p.Has(step.flag) != step.on {
			t.Errorf("step %d: Has(%q) = %v", i, step.flag, p.Has(step.flag))
		}
	}
}

// TestProcedureIsCopiedWhole wants what is done to a copy of a thread not to show in the original.
func TestProcedureIsCopiedWhole(t *testing.T) {
	t.Parallel()
	original := func() conversation.Procedure {
		return conversation.Procedure{
			Organization: &conversation.Organization{ID: 40}, Offers: []conversation.Organization{{ID: 41}}, Flags: []conversation.Flag{conversation.FlagPending},
			Bot: &conversation.BotMemory{Step: conversation.BotMenu, Hits: []int{1}, Said: []string{"a"}}, Previous: []int64{9},
		}
	}
	th := conversation.NewThread("100", "c1")
	th.Conversation = &conversation.Conversation{Procedure: original()}
	p := &th.Clone().Conversation.Procedure
	p.Organization.ID, p.Offers[0].ID, p.Flags[0], p.Previous[0] = 1, 1, "x", 1
	p.Bot.Step, p.Bot.Hits[0], p.Bot.Said[0] = "x", 5, "x"
	if diff := cmp.Diff(original(), th.Conversation.Procedure); diff != "" {
		t.Errorf("original (-want +got):\n%s", diff)
	}
}

func TestDailyNumber(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 2, 23, 59, 59, 0, time.FixedZone("BRT", -3*60*60))
	for n, want := range map[int]string{1: "261102-001", 42: "261102-042", 999: "261102-999", 1000: "261102-1000", 12345: "261102-12345"} {
		if got := conversation.DailyNumber(day, n); got != want {
			t.Errorf("DailyNumber(%d) = %q, want %q", n, got, want)
		}
	}
	if got := conversation.DailyNumber(day.UTC(), 1); got != "261103-001" {
		t.Errorf("the day is not that of the time's own zone: %q", got)
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	const session = "wa-100-c1-1"
	zone := time.FixedZone("BRT", -3*60*60)
	tests := []struct {
		name    string
		contact conversation.Contact
		proc    conversation.Procedure
		number  string
		want    map[string]string
	}{
		{"nothing but the session", conversation.Contact{ID: "c1"}, conversation.Procedure{}, "", map[string]string{conversation.FieldSession: session}},
		{
			"everything",
			conversation.Contact{ID: "c1", Name: "Ana", WaID: "5511987654321"},
			conversation.Procedure{
				Organization: &conversation.Organization{ID: 40, CNPJ: "11222333000181"}, Bot: &conversation.BotMemory{CNPJ: "12ABC34501DE35"},
				Category: "A::B", Derived: time.Date(2026, 11, 22, 2, 4, 5, 0, time.UTC),
			},
			"Matriz",
			map[string]string{
				conversation.FieldSession: session, conversation.FieldNumber: "Matriz", conversation.FieldContactName: "Ana", conversation.FieldContactPhone: "+5511987654321",
				conversation.FieldCNPJ: "11.222.333/0001-81", conversation.FieldCatalogue: "A::B", conversation.FieldDerived: "21/11/2026 23:04:05",
			},
		},
		{
			"a cnpj that no organisation has",
			conversation.Contact{ID: "c1"},
			conversation.Procedure{Bot: &conversation.BotMemory{CNPJ: "12ABC34501DE35"}},
			"",
			map[string]string{conversation.FieldSession: session, conversation.FieldCNPJ: "12.ABC.345/01DE-35"},
		},
		{
			"an organisation without cnpj leaves what the customer gave",
			conversation.Contact{ID: "c1"},
			conversation.Procedure{Organization: &conversation.Organization{ID: 40}, Bot: &conversation.BotMemory{CNPJ: "11222333000181"}},
			"",
			map[string]string{conversation.FieldSession: session, conversation.FieldCNPJ: "11.222.333/0001-81"},
		},
		{"blanks are nothing", conversation.Contact{ID: "c1", Name: " \t"}, conversation.Procedure{Category: " "}, " ", map[string]string{conversation.FieldSession: session}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			th := conversation.NewThread("100", "c1")
			th.Contact, th.Conversation = tt.contact, &conversation.Conversation{Session: session, Procedure: tt.proc}
			if diff := cmp.Diff(tt.want, th.Context(tt.number, zone)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCNPJForms(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"12ABC34501DE35", "12.ABC.345/01DE-35"}, conversation.CNPJForms("12ABC34501DE35")); diff != "" {
		t.Errorf("forms (-want +got):\n%s", diff)
	}
	for _, form := range append(conversation.CNPJForms("12ABC34501DE35"), "12.abc.345/01de-35") {
		if got, ok := conversation.ReadCNPJ(form); !ok || got != "12ABC34501DE35" {
			t.Errorf("ReadCNPJ(%q) = %q, %v", form, got, ok)
		}
	}
	for _, text := range []string{"", "11222333000182", "null", "isento"} {
		if got, ok := conversation.ReadCNPJ(text); ok || got != "" {
			t.Errorf("ReadCNPJ(%q) = %q, %v", text, got, ok)
		}
	}
}
