package whatsapp

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"
	"pgregory.net/rapid"
)

// tree reads a value the way encoding/json does with UseNumber.
func tree(v value) any {
	switch v.Type {
	case gjson.String:
		return v.text()
	case gjson.Number:
		return json.Number(v.Raw)
	case gjson.True, gjson.False:
		return v.Type == gjson.True
	case gjson.Null:
		return nil
	case gjson.JSON:
	}
	if v.isArray() {
		list := []any{}
		for v := range v.elements() {
			list = append(list, tree(v))
		}
		return list
	}
	m := map[string]any{}
	for key, v := range v.members() {
		m[key] = tree(v)
	}
	return m
}

// depth counts the levels of a text up to its first fault, by the tokens that encoding/json finds.
func depth(s string) int {
	deepest, open := 0, 0
	for d := json.NewDecoder(strings.NewReader(s)); ; {
		token, err := d.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			open++
			deepest = max(deepest, open)
		case json.Delim('}'), json.Delim(']'):
			open--
		}
	}
}

// compare holds the check and the readers against encoding/json: they agree on what is JSON, on every string and on every number.
func compare(t interface {
	Helper()
	Fatalf(string, ...any)
}, s string,
) {
	t.Helper()
	levels := depth(s)
	valid := json.Valid([]byte(s)) && strings.HasPrefix(strings.TrimLeft(s, " \t\r\n"), "{")
	root, err := readObject(s)
	switch {
	case errors.Is(err, ErrTooDeep):
		if valid && levels <= maxDepth {
			t.Fatalf("%q: too deep with %d levels", s, levels)
		}
		return
	case (err == nil) != (valid && levels <= maxDepth):
		t.Fatalf("%q: got %v, encoding/json says %v with %d levels", s, err, valid, levels)
	case err != nil:
		if levels > maxDepth && strings.HasPrefix(strings.TrimLeft(s, " \t\r\n"), "{") {
			t.Fatalf("%q: %d levels were checked by recursion", s, levels)
		}
		return
	}
	var want any
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	if err := d.Decode(&want); err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	if got := tree(root); !reflect.DeepEqual(want, got) {
		t.Fatalf("%q: %s", s, cmp.Diff(want, got))
	}
}

func TestReadObjectAgreesWithEncodingJSON(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		``, ` `, `{`, `}`, `{}`, " \t\r\n{ \n} \t", `{}x`, `{} {}`, `[]`, `"x"`, `1`, `null`, "\ufeff{}", `{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`,
		`{"a":1 "b":2}`, `{a:1}`, `{"a":[}`, `{"a":[1,]}`, `{"a":[1}`, `{"a":{"b":1]}`, `{"a":tru}`, `{"a":nul}`, `{"a":truex}`, `{"a":false}`,
		`{"a":01}`, `{"a":-}`, `{"a":-0}`, `{"a":1.}`, `{"a":.5}`, `{"a":1.5e}`, `{"a":1E+2}`, `{"a":1e-07,"b":-12.5}`, `{"a":+1}`, `{"a":0x1}`,
		`{"a":"`, `{"a":"\`, `{"a":"\"}`, `{"a":"\\"}`, `{"a":"\x"}`, `{"a":"\u12"}`, `{"a":"\u12`, `{"a":"\uzzzz"}`, "{\"a\":\"\n\"}", "{\"a\":\"\x7f\"}",
		`{"a":"\"\\\/\b\f\n\r\t\u00e7\u00E7"}`, `{"\u0061":1,"a":2}`, `{"a":"\ud83d\ude00"}`, `{"a":"\ud83dx"}`, `{"a":"\ude00\ud83d"}`,
		`{"a":"\ud83d\u0041"}`, `{"a":"\ud83d\n"}`, "{\"a\":\"\xff\xe7ok\xf0\x9f\"}", "{\"a\":\"\xff\\n\"}", "{\"\xff\":1}", `{"a":"}]{[","b":[["]"]]}`,
		`{ "a" : [ 1 , { "b" : null } , [ ] , { } ] , "c" : "d" }`,
		// What the readers of gjson take, and its check of the syntax has to keep away from them.
		`{"a":nan}`, `{"a":NaN}`, `{"a":inf}`, `{"a":Infinity}`, `{"a":-inf}`, `{"a":(1)}`, `{"a":1)}`, `{"a":1]`, `{"a":[1)}`, `{"a":1;"b":2}`,
		`{"a":1:"b":2}`, `{"a" "b"}`, `{"a",1}`, `{"a":1,,"b":2}`, `{"a":[1,,2]}`, `{"a":[,1]}`, `{"a":[1 2]}`, `{"a":trueish}`, `{"a":nullnull}`,
		`{"a":1e400,"b":123456789012345678901234567890,"c":0.1000,"d":-0.0}`, `{"a":1e}`, `{"a":--1}`, `{"a":1-1}`, `{"a":1_000}`, `{"a":00}`,
		"{\"a\":1}\x00", "\x00{}", "\v{}", "{}\f", "{\u00a0}", "{\"a\":\"\x00\"}", "{\"a\":\"\x1f\"}", `{'a':1}`, `{"a":1}//`, `{/**/}`, `#{}`,
		`{"":""}`, `{"":{"":[""]}}`, `{"a.b":{"*":1,"@this":2,"#":3,"a\\.b":4}}`, `{"a":"(","b":[")"],"c":{"(":")"}}`, "{\"a\":\"\xed\xa0\x80\xc0\x80\"}",
		"{\"a\":\"\xc3\\u00a9\xe2\x82\"}", `{"a":"\u0000\uffff\ufffd\u2028"}`, `{"a":"\uD83D\uDE00\uD83D\uD83D\uDE00"}`, `{"a":"\ud83d\\u0041"}`,
	} {
		compare(t, s)
	}
}

// gjson passes over nested values eight bytes at a time: quotes, backslashes and brackets on each place of such a step.
func TestReadersOnEveryOffset(t *testing.T) {
	t.Parallel()
	for pad := range 20 {
		filler := strings.Repeat("x", pad)
		for _, tail := range []string{``, `\"`, `\\`, `\\\"`, `\\\\`, `\"]}(`, `{\"[`, `\u0022`, `\u005c`} {
			quoted := `"` + filler + tail + `"`
			compare(t, `{"o":{`+quoted+`:[`+quoted+`,{"k":`+quoted+`}]},"n":`+quoted+`,"after":1}`)
			compare(t, `{"o":{`+quoted+`:[`+quoted+`,{"k":`+quoted+`}],"n":`+quoted+`,"never closed":1}`)
		}
	}
}

func TestReadObjectDepth(t *testing.T) {
	t.Parallel()
	nested := func(levels int) string {
		return `{"a":` + strings.Repeat("[", levels-1) + strings.Repeat("]", levels-1) + `}`
	}
	if _, err := readObject(nested(maxDepth)); err != nil {
		t.Errorf("%d levels: %v", maxDepth, err)
	}
	for name, s := range map[string]string{
		"one level more":  nested(maxDepth + 1),
		"a million":       nested(1_000_000),
		"never closed":    `{"a":` + strings.Repeat(`[`, 1_000_000),
		"objects, opened": strings.Repeat(`{"a":`, 1_000_000),
	} {
		if _, err := readObject(s); !errors.Is(err, ErrTooDeep) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// The scan for the depth sees the brackets that a parser sees, no more and no fewer.
func TestTooDeep(t *testing.T) {
	t.Parallel()
	open, closed := strings.Repeat("[", maxDepth), strings.Repeat("]", maxDepth)
	for s, want := range map[string]bool{
		``:                                   false,
		open:                                 false,
		open + `[`:                           true,
		open + `{`:                           true,
		strings.Repeat("{", maxDepth) + `[`:  true,
		open + closed + open + closed:        false,
		open + `]` + `[` + closed:            false,
		open + `]` + `[[`:                    true,
		open + `]}` + `[{`:                   false,
		open + `"["`:                         false,
		open + `"{[{["`:                      false,
		open + `"["[`:                        true,
		open + `"\"["`:                       false,
		open + `"\"["[`:                      true,
		open + `"\\"[`:                       true,
		open + `"\\\"["`:                     false,
		open + `"never closed [[[[`:          false,
		open + `"]]]]"[`:                     true,
		open + `"\`:                          false,
		strings.Repeat(`"[",`, 10*maxDepth):  false,
		strings.Repeat(`[],{},`, 2*maxDepth): false,
	} {
		if got := tooDeep(s); got != want {
			t.Errorf("%s: got %v, want %v", s, got, want)
		}
	}
}

// What is no object has no members, and what is no list no elements.
func TestReadersOfOtherValues(t *testing.T) {
	t.Parallel()
	for _, s := range []string{``, `null`, `true`, `false`, `1`, `"a"`, `{"a":1}`, `[1]`} {
		v := value(gjson.Parse(s))
		for name := range v.members() {
			if s != `{"a":1}` || name != "a" {
				t.Errorf("%s has a member %q", s, name)
			}
		}
		for v := range v.elements() {
			if s != `[1]` || v.Raw != "1" {
				t.Errorf("%s has an element %s", s, v.Raw)
			}
		}
		if v.isObject() != strings.HasPrefix(s, "{") || v.isArray() != strings.HasPrefix(s, "[") || v.absent() != (s == "" || s == "null") {
			t.Errorf("%s is taken for another type", s)
		}
	}
}

func TestReadersStopEarly(t *testing.T) {
	t.Parallel()
	var got []string
	for key, v := range value(gjson.Parse(`{"a":1,"b":[2,3],"c":4}`)).members() {
		got = append(got, key)
		if key == "b" {
			for v := range v.elements() {
				got = append(got, v.Raw)
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
