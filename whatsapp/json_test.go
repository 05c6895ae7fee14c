package whatsapp

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// tree reads a checked value the way encoding/json does with UseNumber.
func tree(v value) any {
	switch v[0] {
	case '{':
		m := map[string]any{}
		for key, v := range v.members() {
			m[key] = tree(v)
		}
		return m
	case '[':
		list := []any{}
		for v := range v.elements() {
			list = append(list, tree(v))
		}
		return list
	case '"':
		return unquote(string(v))
	case 't', 'f':
		return v == "true"
	case 'n':
		return nil
	}
	return json.Number(v)
}

// depth counts the levels of a valid JSON text.
func depth(s string) int {
	deepest, open, quoted := 0, 0, false
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case !quoted && (b == '{' || b == '['):
			open++
			deepest = max(deepest, open)
		case !quoted && (b == '}' || b == ']'):
			open--
		}
	}
	return deepest
}

// compare holds check and the readers against encoding/json.
func compare(t interface {
	Helper()
	Fatalf(string, ...any)
}, s string,
) {
	t.Helper()
	valid := json.Valid([]byte(s)) && strings.HasPrefix(strings.TrimLeft(s, " \t\r\n"), "{")
	err := check(s)
	switch {
	case errors.Is(err, ErrTooDeep):
		if valid && depth(s) <= maxDepth {
			t.Fatalf("%q: too deep with %d levels", s, depth(s))
		}
		return
	case (err == nil) != (valid && depth(s) <= maxDepth):
		t.Fatalf("%q: got %v, encoding/json says %v", s, err, valid)
	case err != nil:
		return
	}
	var want any
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	if err := d.Decode(&want); err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	if diff := cmp.Diff(want, tree(value(s[space(s, 0):]))); diff != "" {
		t.Fatalf("%q: %s", s, diff)
	}
}

func TestCheckAgreesWithEncodingJSON(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		``, ` `, `{`, `}`, `{}`, " \t\r\n{ \n} \t", `{}x`, `{} {}`, `[]`, `"x"`, `1`, `null`, "\ufeff{}", `{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`,
		`{"a":1 "b":2}`, `{a:1}`, `{"a":[}`, `{"a":[1,]}`, `{"a":[1}`, `{"a":{"b":1]}`, `{"a":tru}`, `{"a":nul}`, `{"a":truex}`, `{"a":false}`,
		`{"a":01}`, `{"a":-}`, `{"a":-0}`, `{"a":1.}`, `{"a":.5}`, `{"a":1.5e}`, `{"a":1E+2}`, `{"a":1e-07,"b":-12.5}`, `{"a":+1}`, `{"a":0x1}`,
		`{"a":"`, `{"a":"\`, `{"a":"\"}`, `{"a":"\\"}`, `{"a":"\x"}`, `{"a":"\u12"}`, `{"a":"\u12`, `{"a":"\uzzzz"}`, "{\"a\":\"\n\"}", "{\"a\":\"\x7f\"}",
		`{"a":"\"\\\/\b\f\n\r\t\u00e7\u00E7"}`, `{"\u0061":1,"a":2}`, `{"a":"\ud83d\ude00"}`, `{"a":"\ud83dx"}`, `{"a":"\ude00\ud83d"}`,
		`{"a":"\ud83d\u0041"}`, `{"a":"\ud83d\n"}`, "{\"a\":\"\xff\xe7ok\xf0\x9f\"}", "{\"a\":\"\xff\\n\"}", "{\"\xff\":1}", `{"a":"}]{[","b":[["]"]]}`,
		`{ "a" : [ 1 , { "b" : null } , [ ] , { } ] , "c" : "d" }`,
	} {
		compare(t, s)
	}
}

func TestCheckDepth(t *testing.T) {
	t.Parallel()
	nested := func(levels int) string {
		return `{"a":` + strings.Repeat("[", levels-1) + strings.Repeat("]", levels-1) + `}`
	}
	if err := check(nested(maxDepth)); err != nil {
		t.Errorf("%d levels: %v", maxDepth, err)
	}
	for name, s := range map[string]string{
		"one level more":  nested(maxDepth + 1),
		"a million":       nested(1_000_000),
		"never closed":    `{"a":` + strings.Repeat(`[`, 1_000_000),
		"objects, opened": strings.Repeat(`{"a":`, 1_000_000),
	} {
		if err := check(s); !errors.Is(err, ErrTooDeep) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestReadersStopEarly(t *testing.T) {
	t.Parallel()
	var got []string
	for key, v := range value(`{"a":1,"b":[2,3],"c":4}`).members() {
		got = append(got, key)
		if key == "b" {
			for v := range v.elements() {
				got = append(got, string(v))
				break
			}
			break
		}
	}
	if diff := cmp.Diff([]string{"a", "b", "2"}, got); diff != "" {
		t.Error(diff)
	}
}

// anyJSON draws documents with all kinds of values and spacing, valid but for the odd mutation.
func anyJSON() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		doc := rapid.MapOfN(rapid.String(), anyValue(4), 0, 4).Draw(t, "doc")
		var text []byte
		var err error
		if rapid.Bool().Draw(t, "indented") {
			text, err = json.MarshalIndent(doc, " ", "\t")
		} else {
			text, err = json.Marshal(doc)
		}
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "damaged") {
			at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
			text[at] = rapid.SampledFrom([]byte("{}[]:,\"\\u0 x\n\xff-e")).Draw(t, "byte")
		}
		return string(text)
	})
}

func anyValue(levels int) *rapid.Generator[any] {
	simple := rapid.OneOf(
		rapid.String().AsAny(), rapid.Int().AsAny(), rapid.Float64Range(-1e30, 1e30).AsAny(), rapid.Bool().AsAny(), rapid.Just[any](nil),
	)
	if levels == 0 {
		return simple
	}
	return rapid.OneOf(simple,
		rapid.SliceOfN(rapid.Deferred(func() *rapid.Generator[any] { return anyValue(levels - 1) }), 0, 3).AsAny(),
		rapid.MapOfN(rapid.String(), rapid.Deferred(func() *rapid.Generator[any] { return anyValue(levels - 1) }), 0, 3).AsAny(),
	)
}

func TestReadersAgreeWithEncodingJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { compare(t, anyJSON().Draw(t, "json")) })
}

func FuzzJSON(f *testing.F) {
	f.Add(`{"a":[1,-2.5e3,true,null,{"\u00e9":"\ud83d\ude00"}]}`)
	f.Add("{\"a\":\"\xff\\\"\",\"a\":{}}")
	f.Fuzz(func(t *testing.T, s string) { compare(t, s) })
}
