package conversation_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// known is a thread of which everything is known that it is found by.
func known() conversation.Thread {
	t := conversation.NewThread("106540352242922", "01KMARIANA")
	t.Contact.Name, t.Contact.Username, t.Contact.WaID = "Mariana  d'Ávila Gonçalves 💐", "mari.gon", "551187650142"
	t.Conversation = &conversation.Conversation{
		Ticket: conversation.Ticket{ID: 35436},
		Procedure: conversation.Procedure{
			Number:       "261123-007",
			Organization: &conversation.Organization{Name: "Distribuidora Aurora Comércio Ltda. (Filial 24-7)", CNPJ: "12ABC34501DE35"},
		},
	}
	return t
}

func TestFindText(t *testing.T) {
	t.Parallel()
	want := "mariana davila goncalves marigon distribuidora aurora comercio ltda filial 247 5511987650142 551187650142 12abc34501de35 35436 261123007"
	if got := known().FindText(); got != want {
		t.Errorf("found by %q, want %q", got, want)
	}
	empty := conversation.NewThread("1", "c")
	if got := empty.FindText(); got != "" {
		t.Errorf("without a conversation found by %q", got)
	}
	empty.Conversation = &conversation.Conversation{}
	if got := empty.FindText(); got != "" {
		t.Errorf("of whom nothing is known found by %q", got)
	}
	empty.Conversation.Procedure.Bot = &conversation.BotMemory{CNPJ: "11222333000181"}
	if got := empty.FindText(); got != "11222333000181" {
		t.Errorf("who told a CNPJ is found by %q", got)
	}
	empty.Contact.Name = strings.Repeat("ção ", 500)
	if got := empty.FindText(); got != "cao 11222333000181" {
		t.Errorf("who repeats themself is found by %q", got)
	}
	empty.Contact.Name = strings.Repeat("я", 500)
	if got := empty.FindText(); got != strings.Repeat("я", 40)+" 11222333000181" {
		t.Errorf("whose name is endless is found by %q", got)
	}
}

func TestWanted(t *testing.T) {
	t.Parallel()
	text := known().FindText()
	for typed, want := range map[string]bool{
		"mariana": true, "MARIANA": true, "mari": true, "  Mariana   Goncalves ": true, "gonçalves mariana": true, "ávila": true, "d'avila": true,
		"davila": true, "mariana nobody": false, "aurora": true, "comércio": true, "COMERCIO mariana": true, "24-7": true, "24/7": true,
		"Ltda.": true, "mari.gon": true, "@mari.gon": true,
		"+55 (11) 98765-0142": true, "11987650142": true, "98765-0142": true, "5511": true, "(11) 8765-0142": true, "55 11 8765 0142": true,
		"8765-0142": true, "(21) 98765-0142": false,
		"12.ABC.345/01DE-35": true, "12abc345": true, "12.abc": true, "12ABC34501DE36": false,
		"35436": true, "#35436": true, "35.436": true, "354": true, "35437": false, "ticket 35436": false,
		"261123-007": true, "261123007": true, "261123-008": false,
		"mariana 98765-0142": true, "mariana (11) 98765": true, "mariana 21": false,
		"*": false, "m*na": false, "mar?ana": false, "[m]": false, "\\": false, "mariana\x00": true, "%": false, "m": false, "1": false, "": false, "  ": false,
		"💐": false, "mariana 💐": true,
	} {
		w := conversation.ParseWanted(typed)
		if got := w.In(text); got != want {
			t.Errorf("%q finds it: %v, want %v (%v)", typed, got, want, w)
		}
		if w.In(text) && !strings.Contains(text, w.Part()) {
			t.Errorf("%q finds it, though %q is not in it", typed, w.Part())
		}
	}
	if got := len(conversation.ParseWanted(strings.Repeat("ab ", 50))); got != 8 {
		t.Errorf("%d words are searched", got)
	}
	if diff := cmp.Diff(conversation.Wanted{{"1187650142", "11987650142"}}, conversation.ParseWanted("11 8765-0142")); diff != "" {
		t.Errorf("an old mobile (-want +got):\n%s", diff)
	}
	if got := conversation.ParseWanted("11 8765-0142").Part(); got != "87650142" {
		t.Errorf("an old mobile is looked for by %q", got)
	}
}

// TestWantedFindsWhatIsThere wants every piece of what is known to be found, whatever signs stand in it.
func TestWantedFindsWhatIsThere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		thread := known()
		thread.Contact.Name = rapid.StringMatching(`[A-Za-zÀ-ú0-9]{2,12}( [A-Za-zÀ-ú0-9'.-]{1,8}){0,3}`).Draw(t, "name")
		runes := []rune(thread.Contact.Name)
		from := rapid.IntRange(0, len(runes)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, len(runes)).Draw(t, "to")
		typed := string(runes[from:to])
		if rapid.Bool().Draw(t, "shouted") {
			typed = strings.ToUpper(typed)
		}
		w := conversation.ParseWanted(typed)
		text := thread.FindText()
		if len(w) == 0 { // too short
			return
		}
		onlyDigits := strings.Trim(strings.ReplaceAll(typed, " ", ""), "0123456789'.-") == ""
		if !w.In(text) && !onlyDigits { // numbers with a space between them are one
			t.Fatalf("%q does not find %q (%v)", typed, text, w)
		}
		if w.In(text) && !strings.Contains(text, w.Part()) {
			t.Fatalf("%q is looked for by %q", typed, w.Part())
		}
	})
}
