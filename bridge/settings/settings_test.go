package settings_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
)

func TestDefault(t *testing.T) {
	t.Parallel()
	d := settings.Default()
	if d.Quiet != 20*time.Second || d.Longest != time.Minute || d.StatusWait != 20*time.Second {
		t.Errorf("times are %v, %v, %v", d.Quiet, d.Longest, d.StatusWait)
	}
	if d.Quiet > d.Longest {
		t.Error("the quiet time is longer than the longest wait")
	}
	if d.Subject != "Atendimento iniciado via WhatsApp" || len(d.Tags) != 1 || d.Tags[0] != "whatsapp" {
		t.Errorf("tickets get %q, %q", d.Subject, d.Tags)
	}
	noon := time.Date(2026, 7, 1, 15, 0, 0, 0, time.UTC)
	if got := noon.In(d.Zone).Format("15:04"); got != "12:00" {
		t.Errorf("15:00 UTC is %s for people, want 12:00", got)
	}
}

func TestDefaultInEnglish(t *testing.T) {
	t.Parallel()
	pt, en := settings.Default(), settings.DefaultIn(settings.LanguageEN)
	if pt.Language != settings.LanguagePT || en.Language != settings.LanguageEN || en.Subject == pt.Subject {
		t.Errorf("the languages are %q and %q, the subjects %q and %q", pt.Language, en.Language, pt.Subject, en.Subject)
	}
	for _, both := range [][2]any{{en.Texts, pt.Texts}, {en.Says, pt.Says}} {
		texts, other := words(both[0]), words(both[1])
		if len(texts) < 40 || len(texts) != len(other) {
			t.Errorf("%d words, %d in the other language", len(texts), len(other))
		}
		for name, text := range texts {
			if text == other[name] || text == "" {
				t.Errorf("%s is the same in both languages, or empty", name)
			}
		}
	}
	same(t, "an unknown language", settings.DefaultIn("fr"), pt)
}

// words are all texts of a struct, by their fields' names.
func words(of any) map[string]string {
	all := make(map[string]string)
	v := reflect.ValueOf(of)
	for i := range v.NumField() {
		name, field := v.Type().Field(i).Name, v.Field(i)
		if field.Kind() != reflect.Array {
			all[name] = field.String()
			continue
		}
		for j := range field.Len() {
			all[fmt.Sprintf("%s[%d]", name, j)] = field.Index(j).String()
		}
	}
	return all
}

func TestDefaultsAreValid(t *testing.T) {
	t.Parallel()
	for _, l := range []settings.Language{settings.LanguagePT, settings.LanguageEN} {
		o := settings.DefaultOperation()
		o.Default = settings.DefaultIn(l)
		if err := o.Validate(); err != nil {
			t.Error(err)
		}
	}
}

// Whatever field the types have, the file has it.
func TestEveryFieldIsASetting(t *testing.T) {
	t.Parallel()
	var fields []string
	change := func(path string, o *settings.Operation, field reflect.Value) {
		fields = append(fields, path)
		switch v := field.Addr().Interface().(type) {
		case **time.Location:
			*v = time.UTC
		case *[]string:
			*v = []string{"another"}
		default:
			switch {
			case field.Kind() == reflect.String:
				field.SetString("another")
			case field.Kind() == reflect.Bool:
				field.SetBool(!field.Bool())
			case field.CanInt():
				field.SetInt(field.Int() + 1)
			case field.CanFloat():
				field.SetFloat(field.Float() / 2)
			case field.Kind() == reflect.Slice: // of records, or of what a text stands for
				field.Set(reflect.Append(field, reflect.Zero(field.Type().Elem())))
			default:
				t.Fatalf("%s is a %s", path, field.Type())
			}
		}
		if len(settings.Diff(invited(), *o)) == 0 {
			t.Errorf("%s is in no table", path)
		}
	}
	var walk func(path string, find func(*settings.Operation) reflect.Value)
	walk = func(path string, find func(*settings.Operation) reflect.Value) {
		o := invited()
		at := find(&o)
		if at.Kind() == reflect.Array {
			for i := range at.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), func(o *settings.Operation) reflect.Value { return find(o).Index(i) })
			}
			return
		}
		if macros, ok := reflect.TypeAssert[map[settings.MacroRole]string](at); ok {
			fields = append(fields, macrosAreSettings(t, path, macros)...)
			return
		}
		if at.Kind() != reflect.Struct {
			change(path, &o, at)
			return
		}
		for i := range at.NumField() {
			if at.Type().Field(i).Type == reflect.TypeFor[*time.Location]() { // the hours' is the number's
				continue
			}
			walk(path+"."+at.Type().Field(i).Name, func(o *settings.Operation) reflect.Value { return find(o).Field(i) })
		}
	}
	walk("Account", func(o *settings.Operation) reflect.Value { return reflect.ValueOf(&o.Account).Elem() })
	for i := range reflect.TypeFor[settings.Number]().NumField() {
		name := reflect.TypeFor[settings.Number]().Field(i).Name
		if name == "Window" { // its invite lies behind a pointer
			continue
		}
		walk(name, func(o *settings.Operation) reflect.Value { return reflect.ValueOf(&o.Default).Elem().Field(i) })
	}
	walk("Window.Margin", func(o *settings.Operation) reflect.Value { return reflect.ValueOf(&o.Default.Window.Margin).Elem() })
	walk("Window.Invite", func(o *settings.Operation) reflect.Value { return reflect.ValueOf(o.Default.Window.Invite).Elem() })
	if n := reflect.TypeFor[settings.Window]().NumField(); n != 2 {
		t.Errorf("the window has %d fields, of which this test knows 2", n)
	}
	for i := range reflect.TypeFor[settings.MenuOption]().NumField() {
		walk("Bot.Menu", func(o *settings.Operation) reflect.Value {
			if len(o.Default.Bot.Menu) == 0 {
				o.Default.Bot.Menu = []settings.MenuOption{{Title: "Boleto", Do: settings.MenuQueue}}
			}
			return reflect.ValueOf(&o.Default.Bot.Menu[0]).Elem().Field(i)
		})
	}
	if len(fields) < 206 {
		t.Errorf("only %d fields were looked at: %q", len(fields), fields)
	}
}

// macrosAreSettings wants the file to have every macro.
func macrosAreSettings(t *testing.T, path string, macros map[settings.MacroRole]string) []string {
	t.Helper()
	var fields []string
	for _, r := range settings.MacroRoles() {
		fields = append(fields, path+"."+string(r))
		if macros[r] == "" {
			t.Errorf("the defaults have no macro for %s", r)
		}
		o := invited()
		o.Default.Desk.Macros[r] = "another"
		same(t, path, settings.Diff(invited(), o), []settings.Change{{Path: "default.desk.macros." + string(r), From: `"` + macros[r] + `"`, To: "another"}})
	}
	return fields
}

func TestDefaultIsNotShared(t *testing.T) {
	t.Parallel()
	d := settings.Default()
	want := settings.Default()
	d.Tags[0], d.N2.Needs[0], d.Desk.Macros[settings.RoleN2] = "changed", "changed", "changed"
	d.Hours.Week[time.Monday][0].From = 0
	same(t, "the next default", settings.Default(), want)
}

// Each text takes exactly what the code that writes it hands over.
func TestTextsTakeTheirArguments(t *testing.T) {
	t.Parallel()
	texts := settings.Default().Texts
	tests := []struct {
		name, text string
		args       []any
		has        []string
	}{
		{"NotDelivered", texts.NotDelivered, []any{"12:03", "número sem WhatsApp"}, []string{"12:03", "número sem WhatsApp"}},
		{"Repeated", texts.Repeated, []any{"12:03"}, []string{"12:03"}},
		{"Unconfirmed", texts.Unconfirmed, []any{"12:03"}, []string{"12:03"}},
		{"NoAttachments", texts.NoAttachments, []any{2}, []string{"2"}},
		{"FollowUp", texts.FollowUp, []any{int64(11)}, []string{"11"}},
		{"PendingNote", texts.PendingNote, []any{"Acme"}, []string{"Acme"}},
		{"OverrideNote", texts.OverrideNote, []any{"Ana", "urgente"}, []string{"por Ana", "Motivo: urgente"}},
		{"Repaired", texts.Repaired, []any{"Acme", "Rui"}, []string{"organização Acme", "solicitante Rui"}},
		{"Transferred", texts.Transferred, []any{"Fiscal", "Ana"}, []string{"para Fiscal", "por Ana"}},
		{"TransferComment", texts.TransferComment, []any{"Ana", "veja"}, []string{"de Ana", ": veja"}},
		{"Previous", texts.Previous, []any{"#1, #2"}, []string{"#1, #2"}},
		{"AgentSilent", texts.AgentSilent, []any{"Ana", 16}, []string{"de Ana", "há 16 min"}},
		{"AgentReturned", texts.AgentReturned, []any{"Ana", 30}, []string{"de Ana", "há 30 min"}},
		{"SurveyAnswered", texts.SurveyAnswered, []any{4}, []string{"nota 4", "1 a 5"}},
		{"SurveyAnswers", texts.SurveyAnswers, []any{"Rápido? 4\nClaro? 5"}, []string{":\nRápido? 4\nClaro? 5"}},
		{"Judged", texts.Judged, []any{int64(11)}, []string{"ticket 11:"}},
		{"Undecided", texts.Undecided, []any{int64(11), texts.OpenTitle}, []string{"ticket 11 ", ": o título."}},
		{"Overruled", texts.Overruled, []any{"Rui", "havia resposta"}, []string{"por Rui.", "Motivo: havia resposta"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := fmt.Sprintf(tt.text, tt.args...)
			if strings.Contains(got, "%!") {
				t.Errorf("it becomes %q", got)
			}
			for _, part := range tt.has {
				if !strings.Contains(got, part) {
					t.Errorf("%q lacks %q", got, part)
				}
			}
		})
	}
}
