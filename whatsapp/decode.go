package whatsapp

import (
	"iter"
	"math"
	"strconv"
	"time"

	"github.com/tidwall/gjson"
)

// decoder reads the parts of one update. A value of the wrong type sets bad and reads as absent; the caller looks at bad once, at
// the end. A JSON null is an absent value.
type decoder struct{ bad bool }

func (d *decoder) object(v value) iter.Seq2[string, value] {
	d.expect(v, v.isObject())
	return v.members()
}

func (d *decoder) array(v value) iter.Seq[value] {
	d.expect(v, v.isArray())
	return v.elements()
}

// expect notes when v is there and not of the right type.
func (d *decoder) expect(v value, right bool) {
	if !right && !v.absent() {
		d.bad = true
	}
}

// text reads a string. A number is accepted as it is written: some senders do not quote ids and phones.
func (d *decoder) text(v value) string {
	switch v.Type {
	case gjson.String:
		return v.text()
	case gjson.Number:
		return v.Raw
	case gjson.True, gjson.False, gjson.JSON:
		d.bad = true
	case gjson.Null:
	}
	return ""
}

func (d *decoder) boolean(v value) bool {
	d.expect(v, v.Type == gjson.True || v.Type == gjson.False)
	return v.Type == gjson.True
}

// integer reads a number, quoted or not, and answers absent when there is none.
func (d *decoder) integer(v value, absent int) int {
	s := d.text(v)
	if s == "" {
		return absent
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		d.bad = true
		return absent
	}
	return n
}

// float reads a finite number, quoted or not.
func (d *decoder) float(v value) float64 {
	s := d.text(v)
	if s == "" {
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		d.bad = true
		return 0
	}
	return f
}

const (
	firstMillisecond = 1_000_000_000_000   // below it a timestamp counts seconds
	lastMillisecond  = 253_402_300_799_999 // the last one of the year 9999, beyond which a time cannot be written as JSON
)

// timestamp reads Unix seconds or milliseconds, quoted or not. Text that is no time reads as the zero time: a message is worth more
// than its clock.
func (d *decoder) timestamp(v value) time.Time {
	n, err := strconv.ParseInt(d.text(v), 10, 64)
	switch {
	case err != nil || n <= 0 || n > lastMillisecond:
		return time.Time{}
	case n < firstMillisecond:
		return time.Unix(n, 0).UTC()
	}
	return time.UnixMilli(n).UTC()
}
