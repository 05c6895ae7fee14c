package transcript_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

var (
	streams = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	shown   = regexp.MustCompile(`(?s)BT ([0-9.-]+) ([0-9.-]+) Td \((.*?)\) Tj ET`)
)

// textOfPDF is what stands on the pages of a PDF, one line per piece of text, with its place in points from the lower left.
func textOfPDF(t *testing.T, pdf []byte) string {
	t.Helper()
	var b strings.Builder
	page := 0
	for _, s := range streams.FindAllSubmatch(pdf, -1) {
		r, err := zlib.NewReader(bytes.NewReader(s[1]))
		if err != nil {
			continue // not compressed: no page
		}
		content, err := io.ReadAll(r)
		if err != nil || !bytes.Contains(content, []byte(" Tj ET")) {
			continue
		}
		page++
		fmt.Fprintf(&b, "== page %d\n", page)
		for _, m := range shown.FindAllSubmatch(content, -1) {
			fmt.Fprintf(&b, "%7s %7s  %s\n", m[1], m[2], decode(t, m[3]))
		}
	}
	return b.String()
}

// decode reads a string of a PDF: UTF-16, some bytes escaped.
func decode(t *testing.T, s []byte) string {
	t.Helper()
	var raw []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
			if s[i] == 'r' {
				raw = append(raw, '\r')
				continue
			}
		}
		raw = append(raw, s[i])
	}
	if len(raw)%2 != 0 {
		t.Fatalf("%s is no UTF-16", strconv.Quote(string(s)))
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}
