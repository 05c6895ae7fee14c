package whatsapp

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"
)

// outcome is what a reader made of a value, and whether it complained.
type outcome struct {
	Got any
	Bad bool
}

func read(reader func(*decoder, value) any, json string) outcome {
	var d decoder
	got := reader(&d, value(gjson.Parse(json)))
	return outcome{Got: got, Bad: d.bad}
}

// Each reader with each type of value: what is of another type is refused, null and absence are neither refused nor read.
func TestDecoderReaders(t *testing.T) {
	t.Parallel()
	text := func(d *decoder, v value) any { return d.text(v) }
	boolean := func(d *decoder, v value) any { return d.boolean(v) }
	integer := func(d *decoder, v value) any { return d.integer(v, -7) }
	float := func(d *decoder, v value) any { return d.float(v) }
	members := func(d *decoder, v value) any {
		n := 0
		for range d.object(v) {
			n++
		}
		return n
	}
	elements := func(d *decoder, v value) any {
		n := 0
		for range d.array(v) {
			n++
		}
		return n
	}
	tests := map[string]struct {
		reader func(*decoder, value) any
		want   map[string]outcome
	}{
		"text": {text, map[string]outcome{
			``: {"", false}, `null`: {"", false}, `""`: {"", false}, `"a\u00e7\n"`: {"aç\n", false}, `"12"`: {"12", false},
			`12`: {"12", false}, `-1.50e3`: {"-1.50e3", false}, `0`: {"0", false}, `123456789012345678901234567890`: {"123456789012345678901234567890", false},
			`true`: {"", true}, `false`: {"", true}, `{}`: {"", true}, `{"a":"b"}`: {"", true}, `[]`: {"", true}, `["a"]`: {"", true},
			"\"a\xff\xfeb\"": {"a\ufffd\ufffdb", false}, `"\ud83d"`: {"\ufffd", false},
		}},
		"boolean": {boolean, map[string]outcome{
			``: {false, false}, `null`: {false, false}, `true`: {true, false}, `false`: {false, false},
			`"true"`: {false, true}, `1`: {false, true}, `0`: {false, true}, `""`: {false, true}, `{}`: {false, true}, `[true]`: {false, true},
		}},
		"integer": {integer, map[string]outcome{
			``: {-7, false}, `null`: {-7, false}, `""`: {-7, false}, `0`: {0, false}, `131047`: {131047, false}, `"131047"`: {131047, false},
			`-5`: {-5, false}, `9223372036854775807`: {9223372036854775807, false}, `9223372036854775808`: {-7, true}, `1.0`: {-7, true},
			`1e3`: {-7, true}, `"x"`: {-7, true}, `" 1"`: {-7, true}, `true`: {-7, true}, `{}`: {-7, true}, `[1]`: {-7, true},
		}},
		"float": {float, map[string]outcome{
			``: {0.0, false}, `null`: {0.0, false}, `""`: {0.0, false}, `-22.9`: {-22.9, false}, `"-22.9"`: {-22.9, false}, `43`: {43.0, false},
			`1e-400`: {0.0, false}, `1e400`: {0.0, true}, `"NaN"`: {0.0, true}, `"Inf"`: {0.0, true}, `"-infinity"`: {0.0, true},
			`"22,9"`: {0.0, true}, `false`: {0.0, true}, `{}`: {0.0, true}, `[]`: {0.0, true},
		}},
		"object": {members, map[string]outcome{
			``: {0, false}, `null`: {0, false}, `{}`: {0, false}, `{"a":1,"b":{"c":2}}`: {2, false}, `{"a":1,"a":2}`: {2, false},
			`[]`: {0, true}, `[{"a":1}]`: {0, true}, `"{}"`: {0, true}, `1`: {0, true}, `true`: {0, true},
		}},
		"array": {elements, map[string]outcome{
			``: {0, false}, `null`: {0, false}, `[]`: {0, false}, `[1,null,[2,3],{"a":4}]`: {4, false},
			`{}`: {0, true}, `{"a":[1]}`: {0, true}, `"[]"`: {0, true}, `1`: {0, true}, `false`: {0, true},
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for json, want := range test.want {
				if diff := cmp.Diff(want, read(test.reader, json)); diff != "" {
					t.Errorf("%s: %s", json, diff)
				}
			}
		})
	}
}

// The borders between seconds, milliseconds and nonsense; only what is no text and no number is refused.
func TestDecoderTimestamp(t *testing.T) {
	t.Parallel()
	reader := func(d *decoder, v value) any { return d.timestamp(v) }
	for json, want := range map[string]outcome{
		``:                  {time.Time{}, false},
		`null`:              {time.Time{}, false},
		`"0"`:               {time.Time{}, false},
		`1`:                 {time.Date(1970, 1, 1, 0, 0, 1, 0, time.UTC), false},
		`999999999999`:      {time.Unix(999_999_999_999, 0).UTC(), false},
		`1000000000000`:     {time.Date(2001, 9, 9, 1, 46, 40, 0, time.UTC), false},
		`"1000000000001"`:   {time.Date(2001, 9, 9, 1, 46, 40, 1e6, time.UTC), false},
		`253402300799999`:   {time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC), false},
		`253402300800000`:   {time.Time{}, false},
		`1795300001.5`:      {time.Time{}, false},
		`"1795300001 "`:     {time.Time{}, false},
		`"2026-11-22"`:      {time.Time{}, false},
		`true`:              {time.Time{}, true},
		`{"seconds":1}`:     {time.Time{}, true},
		`[1795300001]`:      {time.Time{}, true},
		`"-62135596800000"`: {time.Time{}, false},
	} {
		if diff := cmp.Diff(want, read(reader, json)); diff != "" {
			t.Errorf("%s: %s", json, diff)
		}
	}
}

// One complaint is enough, and what is read well afterwards does not take it back.
func TestDecoderStaysBad(t *testing.T) {
	t.Parallel()
	var d decoder
	d.text(value(gjson.Parse(`{}`)))
	if got := d.text(value(gjson.Parse(`"a"`))); got != "a" || !d.bad {
		t.Errorf("got %q, bad is %v", got, d.bad)
	}
}
