package settings_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ponte-desk/ponte/bridge/settings"
)

// same compares settings; zones by their names.
func same(tb testing.TB, what string, got, want any) {
	tb.Helper()
	if diff := difference(got, want); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func difference(got, want any) string {
	zones := cmp.Comparer(func(a, b *time.Location) bool { return (a == nil) == (b == nil) && a.String() == b.String() })
	return cmp.Diff(want, got, zones, cmpopts.EquateEmpty())
}

// decode wants a file to be right.
func decode(t *testing.T, file string) settings.Operation {
	t.Helper()
	o, err := settings.Decode([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// encode wants settings to be right.
func encode(t *testing.T, o settings.Operation) string {
	t.Helper()
	raw, err := settings.Encode(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// mistakes wants an error to hold these lines.
func mistakes(t *testing.T, err error, want ...string) {
	t.Helper()
	var invalid *settings.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("the error is %v, want an InvalidError", err)
	}
	same(t, "mistakes", strings.Split(err.Error(), "\n"), want)
	if len(invalid.Mistakes) != len(want) {
		t.Errorf("%d mistakes, want %d", len(invalid.Mistakes), len(want))
	}
}

// invited is the defaults with an invite.
func invited() settings.Operation {
	o := settings.DefaultOperation()
	o.Default.Window.Invite = &settings.Invite{
		Template: "convite", Language: "pt_BR", Values: []string{settings.ContactName, "boleto"}, Preview: "Olá {{1}}, temos uma resposta sobre {{2}}.",
	}
	return o
}
