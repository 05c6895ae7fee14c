package whatsapp_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/ponte-desk/ponte/whatsapp"
)

func classes() []whatsapp.Class {
	return []whatsapp.Class{
		whatsapp.ClassTransient, whatsapp.ClassThrottledNumber, whatsapp.ClassThrottledRecipient, whatsapp.ClassNeedsTemplate,
		whatsapp.ClassUndeliverable, whatsapp.ClassOurBug, whatsapp.ClassMedia, whatsapp.ClassMarketing, whatsapp.ClassTemplate,
		whatsapp.ClassAuth, whatsapp.ClassAccount, whatsapp.ClassUnknown,
	}
}

// knownCodes is the table of the platform reference, section 12.
func knownCodes() map[whatsapp.Class][]int {
	return map[whatsapp.Class][]int{
		whatsapp.ClassTransient:          {1, 2, 131000, 131016, 133004, 131057},
		whatsapp.ClassThrottledNumber:    {4, 80007, 130429, 131048, 131064},
		whatsapp.ClassThrottledRecipient: {131056},
		whatsapp.ClassNeedsTemplate:      {131047},
		whatsapp.ClassUndeliverable:      {131026, 130403, 131021, 33},
		whatsapp.ClassOurBug:             {100, 131008, 131009, 131051, 131062, 135000},
		whatsapp.ClassMedia:              {131052, 131053},
		whatsapp.ClassMarketing:          {131049, 131050, 130472, 131063},
		whatsapp.ClassTemplate:           {132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018, 132068, 132069},
		whatsapp.ClassAuth:               {0, 3, 10, 190, 200, 250, 299, 131005},
		whatsapp.ClassAccount:            {368, 130497, 131031, 131037, 131042, 131045, 133010, 134011},
	}
}

func TestClassifyCodes(t *testing.T) {
	t.Parallel()
	for class, codes := range knownCodes() {
		for _, code := range codes {
			for _, status := range []int{0, 400, 403, 429, 500} {
				if got := whatsapp.Classify(code, status); got != class {
					t.Errorf("%d with http %d: got %s, want %s", code, status, got, class)
				}
			}
		}
	}
}

func TestClassifyWithoutKnownCode(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]whatsapp.Class{
		0: whatsapp.ClassUnknown, 302: whatsapp.ClassUnknown, 400: whatsapp.ClassUnknown, 401: whatsapp.ClassAuth, 403: whatsapp.ClassUnknown,
		404: whatsapp.ClassUnknown, 408: whatsapp.ClassTransient, 429: whatsapp.ClassThrottledNumber, 500: whatsapp.ClassTransient,
		502: whatsapp.ClassTransient, 503: whatsapp.ClassTransient, 599: whatsapp.ClassTransient,
	} {
		for _, code := range []int{whatsapp.NoCode, 199, 300, 131999, -7} {
			if got := whatsapp.Classify(code, status); got != want {
				t.Errorf("%d with http %d: got %s, want %s", code, status, got, want)
			}
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	tests := map[int]whatsapp.Verdict{
		131000: {Class: whatsapp.ClassTransient, Retry: true, Scope: whatsapp.ScopeMessage},
		130429: {Class: whatsapp.ClassThrottledNumber, Retry: true, Scope: whatsapp.ScopeLane},
		131048: {Class: whatsapp.ClassThrottledNumber, Retry: true, Scope: whatsapp.ScopeLane, Loud: true},
		131064: {Class: whatsapp.ClassThrottledNumber, Retry: true, Scope: whatsapp.ScopeLane, Loud: true},
		131056: {Class: whatsapp.ClassThrottledRecipient, Retry: true, Scope: whatsapp.ScopeRecipient},
		131047: {Class: whatsapp.ClassNeedsTemplate, Scope: whatsapp.ScopeMessage},
		131026: {Class: whatsapp.ClassUndeliverable, Scope: whatsapp.ScopeMessage},
		100:    {Class: whatsapp.ClassOurBug, Scope: whatsapp.ScopeMessage},
		131053: {Class: whatsapp.ClassMedia, Scope: whatsapp.ScopeMessage},
		131050: {Class: whatsapp.ClassMarketing, Scope: whatsapp.ScopeMessage},
		132001: {Class: whatsapp.ClassTemplate, Scope: whatsapp.ScopeMessage},
		190:    {Class: whatsapp.ClassAuth, Scope: whatsapp.ScopeLane, Loud: true},
		131042: {Class: whatsapp.ClassAccount, Scope: whatsapp.ScopeLane, Loud: true},
		999999: {Class: whatsapp.ClassUnknown, Scope: whatsapp.ScopeMessage},
	}
	for code, want := range tests {
		got := whatsapp.Judge(code, 400)
		got.Advice = ""
		if got != want {
			t.Errorf("%d: got %+v, want %+v", code, got, want)
		}
	}
}

// sentences ends like a sentence and starts like one.
var sentences = regexp.MustCompile(`^[A-ZÁÉÍÓÚ].{20,300}\.$`)

func TestAdvice(t *testing.T) {
	t.Parallel()
	owners := map[string]whatsapp.Class{}
	for _, c := range classes() {
		text := c.Advice()
		if !sentences.MatchString(text) {
			t.Errorf("%s: %q is no advice", c, text)
		}
		if other, taken := owners[text]; taken {
			t.Errorf("%s and %s say the same", c, other)
		}
		owners[text] = c
	}
	if got := whatsapp.Class("something new").Advice(); got != whatsapp.ClassUnknown.Advice() {
		t.Errorf("got %q", got)
	}
	for class, codes := range knownCodes() {
		for _, code := range codes {
			text := whatsapp.Judge(code, 0).Advice
			if !sentences.MatchString(text) {
				t.Errorf("%d: %q is no advice", code, text)
			}
			if owner, general := owners[text]; general && owner != class {
				t.Errorf("%d: speaks for %s, is %s", code, owner, class)
			}
		}
	}
	for code, say := range map[int]string{
		131047: "24 horas.*modelo", 131026: "outro canal", 131050: "não receber", 131042: "pagamento", 190: "token", 131052: "100 MB",
		131049: "24 horas", 130403: "bloqueado", 132015: "pausado", 132016: "desativado", 131060: "envie de novo", 131048: "qualidade",
		368: "política", 130472: "experimento", 130497: "país", 131021: "próprio número", 131053: "formato", 131062: "telefone",
		131064: "limit", 132000: "campos", 132001: "idioma", 133010: "registrado",
	} {
		if text := whatsapp.Judge(code, 0).Advice; !regexp.MustCompile(say).MatchString(text) || text == whatsapp.Classify(code, 0).Advice() {
			t.Errorf("%d: %q does not say %q", code, text, say)
		}
	}
}

func TestPairBackoff(t *testing.T) {
	t.Parallel()
	for attempt, want := range map[int]time.Duration{
		-1: time.Second, 0: time.Second, 1: 4 * time.Second, 2: 16 * time.Second, 3: 64 * time.Second, 5: 1024 * time.Second,
		6: time.Hour, 7: time.Hour, 1 << 40: time.Hour,
	} {
		if got := whatsapp.PairBackoff(attempt); got != want {
			t.Errorf("%d: got %v, want %v", attempt, got, want)
		}
	}
}
