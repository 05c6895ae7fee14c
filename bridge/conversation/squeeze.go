package conversation

import (
	"encoding/binary"
	"errors"
	"strings"
	"sync"
)

// States are kept packed: their JSON is mostly names of fields, ids that repeat each other, and digits. What is packed is a list of
// steps, each of which writes a piece of the text:
//
//	00nnnnnn                      n+1 bytes follow as they are
//	010nnnnn                      n+1 characters of fourBits follow, two in a byte
//	011nnnnn                      n+1 characters of sixBits follow, four in three bytes
//	10nnnndd dddddddd             n+4 bytes are repeated from d+1 bytes before
//	11nnnnnn dddddddd dddddddd    n+4 bytes are repeated from d+1 bytes before
//
// What is repeated may begin in the dictionary, which stands before the text.

const (
	stepRaw  = 0x00
	stepFour = 0x40
	stepSix  = 0x60
	stepNear = 0x80
	stepFar  = 0xc0

	shortest    = 4 // bytes that are worth a repeat
	longestNear = shortest + 15
	longestFar  = shortest + 63
	near        = 1 << 10
	far         = 1 << 16
	mostRaw     = 64
	mostPacked  = 32
	mostGrowth  = 23 // what a packed byte can become: three of a repeat write 67
	shortestRun = 5  // characters that are worth a change of alphabet
)

// The alphabets of runs that need less than a byte a character: times and numbers; ids and words.
const (
	fourBits = `0123456789:.-,"Z`
	sixBits  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ."
)

// errSqueezed says that a packed state is damaged, or was packed by a newer version.
var errSqueezed = errors.New("read state: unreadable")

// searcher finds repeats. A copy of the one that knows the dictionary is where each text begins.
type searcher struct {
	last  [1 << searchBits]int32 // the newest place of each hash, plus one
	known []int32                // for every place in the dictionary the one before with the same hash, plus one
	prev  []int32                // likewise for the places behind it
}

const (
	searchBits = 11
	mostTries  = 12 // places that are compared
)

// primed knows the dictionary, and which places of the alphabets characters have.
var primed = sync.OnceValue(func() *searcher {
	s := &searcher{prev: make([]int32, len(dictionary))}
	for i := range len(dictionary) - shortest + 1 {
		h := hash([]byte(dictionary), i)
		s.prev[i], s.last[h] = s.last[h], int32(i+1) // #nosec G115 -- a short text
	}
	s.known, s.prev = s.prev, nil
	return s
})

func (s *searcher) add(text []byte, at int) {
	h := hash(text, at)
	s.prev[at-len(s.known)], s.last[h] = s.last[h], int32(at+1) // #nosec G115 -- no state is that long
}

// before is the place before one with the same hash, plus one.
func (s *searcher) before(at int) int {
	if at < len(s.known) {
		return int(s.known[at])
	}
	return int(s.prev[at-len(s.known)])
}

// hash is of the first bytes at a place.
func hash(text []byte, at int) uint32 {
	return binary.LittleEndian.Uint32(text[at:]) * 2654435761 >> (32 - searchBits)
}

// find is the longest repeat for what stands at a place.
func (s *searcher) find(text []byte, at int) (length, distance int) {
	if at+shortest > len(text) {
		return 0, 0
	}
	from := int(s.last[hash(text, at)]) - 1
	for tries := 0; from >= 0 && at-from <= far && tries < mostTries; tries++ {
		if n := same(text, from, at); n > length {
			length, distance = n, at-from
		}
		from = s.before(from) - 1
	}
	if length < shortest {
		return 0, 0
	}
	return length, distance
}

// same is how many bytes are equal from two places on, the first of which comes first.
func same(text []byte, from, at int) int {
	most := min(longestFar, len(text)-at)
	n := 0
	for n < most && text[from+n] == text[at+n] {
		n++
	}
	return n
}

// squeeze packs a text.
func squeeze(out, plain []byte) []byte {
	start := len(dictionary)
	text := append(append(make([]byte, 0, start+len(plain)), dictionary...), plain...)
	s := *primed()
	s.prev = make([]int32, len(plain))
	literal := start
	for at := start; at < len(text); {
		length, distance := s.find(text, at)
		if length == 0 {
			s.put(text, at, at+1)
			at++
			continue
		}
		s.put(text, at, at+1)
		if more, d := s.find(text, at+1); more > length+1 { // a longer one begins right behind
			at++
			length, distance = more, d
			s.put(text, at, at+1)
		}
		out = writeRun(out, text[literal:at])
		out = writeRepeat(out, length, distance)
		s.put(text, at+1, at+length)
		at += length
		literal = at
	}
	return writeRun(out, text[literal:])
}

// put makes places known.
func (s *searcher) put(text []byte, from, to int) {
	for ; from < to && from+shortest <= len(text); from++ {
		s.add(text, from)
	}
}

func writeRepeat(out []byte, length, distance int) []byte {
	if distance <= near && length <= longestNear {
		d := distance - 1
		return append(out, stepNear|byte(length-shortest)<<2|byte(d>>8), byte(d))
	}
	d := distance - 1
	return append(out, stepFar|byte(length-shortest), byte(d>>8), byte(d))
}

// alphabets tell the place of a character in fourBits and sixBits, 0xff where it has none.
var alphabets = sync.OnceValue(func() *[2][256]byte {
	var a [2][256]byte
	for i, set := range [...]string{fourBits, sixBits} {
		for c := range 256 {
			a[i][c] = byte(strings.IndexByte(set, byte(c)))
		}
	}
	return &a
})

// writeRun writes what repeats nothing, each stretch of it in the smallest alphabet that has it.
func writeRun(out, run []byte) []byte {
	a := alphabets()
	raw := 0
	for at := 0; at < len(run); {
		four, six := stretch(&a[0], run[at:]), stretch(&a[1], run[at:])
		switch {
		case four >= shortestRun && 2*four >= six:
			out = writeFour(writeRaw(out, run[raw:at]), run[at:at+four], &a[0])
			at += four
			raw = at
		case six >= shortestRun:
			out = writeSix(writeRaw(out, run[raw:at]), run[at:at+six], &a[1])
			at += six
			raw = at
		default:
			at++
		}
	}
	return writeRaw(out, run[raw:])
}

// stretch is how many characters from the first on an alphabet has.
func stretch(places *[256]byte, text []byte) int {
	n := 0
	for n < len(text) && n < mostPacked && places[text[n]] != 0xff {
		n++
	}
	return n
}

func writeRaw(out, text []byte) []byte {
	for len(text) > 0 {
		n := min(len(text), mostRaw)
		out = append(append(out, stepRaw|byte(n-1)), text[:n]...)
		text = text[n:]
	}
	return out
}

func writeFour(out, text []byte, places *[256]byte) []byte {
	out = append(out, stepFour|byte(len(text)-1))
	for i := 0; i < len(text); i += 2 {
		b := places[text[i]] << 4
		if i+1 < len(text) {
			b |= places[text[i+1]]
		}
		out = append(out, b)
	}
	return out
}

func writeSix(out, text []byte, places *[256]byte) []byte {
	out = append(out, stepSix|byte(len(text)-1))
	bits, have := uint32(0), 0
	for _, c := range text {
		bits, have = bits<<6|uint32(places[c]), have+6
		if have >= 8 {
			have -= 8
			out = append(out, byte(bits>>have))
		}
	}
	if have > 0 {
		out = append(out, byte(bits<<(8-have)))
	}
	return out
}

// unsqueeze is the text that squeeze packed, of a length.
func unsqueeze(packed []byte, length int) ([]byte, error) {
	start := len(dictionary)
	text := append(make([]byte, 0, start+length), dictionary...)
	for len(packed) > 0 {
		var used int
		text, used = step(text, packed)
		if used == 0 || len(text)-start > length {
			return nil, errSqueezed
		}
		packed = packed[used:]
	}
	if len(text)-start != length {
		return nil, errSqueezed
	}
	return text[start:], nil
}

// step carries one step out and tells how many bytes it was, 0 when it makes no sense.
func step(text, p []byte) (more []byte, used int) {
	switch {
	case p[0] < stepFour:
		n := int(p[0]) + 1
		if len(p) < 1+n {
			return text, 0
		}
		return append(text, p[1:1+n]...), 1 + n
	case p[0] < stepSix:
		return readFour(text, p[1:], int(p[0]&0x1f)+1)
	case p[0] < stepNear:
		return readSix(text, p[1:], int(p[0]&0x1f)+1)
	case p[0] < stepFar:
		if len(p) < 2 {
			return text, 0
		}
		return repeat(text, int(p[0]>>2&0xf)+shortest, int(p[0]&3)<<8|int(p[1])+1, 2)
	}
	if len(p) < 3 {
		return text, 0
	}
	return repeat(text, int(p[0]&0x3f)+shortest, int(p[1])<<8|int(p[2])+1, 3)
}

func readFour(text, p []byte, n int) (more []byte, used int) {
	size := (n + 1) / 2
	if len(p) < size {
		return text, 0
	}
	for i := range n {
		b := p[i/2]
		if i%2 == 0 {
			b >>= 4
		}
		text = append(text, fourBits[b&0xf])
	}
	return text, 1 + size
}

func readSix(text, p []byte, n int) (more []byte, used int) {
	size := (6*n + 7) / 8
	if len(p) < size {
		return text, 0
	}
	bits, have, at := uint32(0), 0, 0
	for range n {
		if have < 6 {
			bits, have, at = bits<<8|uint32(p[at]), have+8, at+1
		}
		have -= 6
		text = append(text, sixBits[bits>>have&0x3f])
	}
	return text, 1 + size
}

func repeat(text []byte, length, distance, used int) (more []byte, _ int) {
	from := len(text) - distance
	if from < 0 {
		return text, 0
	}
	for i := range length { // byte by byte: what is repeated may be what is just being written
		text = append(text, text[from+i])
	}
	return text, used
}
