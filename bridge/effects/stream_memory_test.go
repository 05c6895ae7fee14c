package effects_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

const (
	hundred  = 100 * megabyte
	mostHeap = 8 * megabyte
)

// flood is the bytes of a large PDF, made while they are read.
type flood struct{ at, size int64 }

// Read implements io.Reader.
func (f *flood) Read(b []byte) (int, error) {
	if f.at == f.size {
		return 0, io.EOF
	}
	n := min(int64(len(b)), f.size-f.at)
	for i := range b[:n] {
		b[i] = byte(f.at + int64(i))
	}
	if f.at == 0 {
		copy(b, pdfFile)
	}
	f.at += n
	return int(n), nil
}

// gauge measures how far the heap grows while a body passes it, and the body's digest.
type gauge struct {
	before, most uint64
	passed, next int64
	sum          hash.Hash
}

func newGauge() *gauge { return &gauge{before: heap(), sum: sha256.New()} }

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Write implements io.Writer.
func (g *gauge) Write(b []byte) (int, error) {
	g.passed += int64(len(b))
	if g.passed >= g.next {
		g.next += 10 * megabyte
		g.most = max(g.most, heap())
	}
	return g.sum.Write(b)
}

// grown is by how much the heap grew at most, in bytes.
func (g *gauge) grown() int64 { return max(0, int64(g.most)-int64(g.before)) }

// digest is that of the bytes that a flood of a size makes when read in pieces.
func digest(t *testing.T, size int64) string {
	t.Helper()
	sum := sha256.New()
	if _, err := io.Copy(sum, &flood{size: size}); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// pourer is both peers at once: it hands out a large file and takes one, without keeping anything of it.
type pourer struct {
	url, sum string
	gauge    *gauge
	file     int64 // bytes that were taken as a body
}

func (p *pourer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodPost:
		p.file, _ = io.Copy(p.gauge, r.Body)
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, `{"id":"9001","upload":{"token":"tok"}}`)
	case r.URL.Path == "/v26.0/m1":
		json.NewEncoder(w).Encode(object{"id": "m1", "url": p.url + "/files/m1", "sha256": p.sum, "file_size": hundred, "mime_type": "application/pdf"})
	default:
		w.Header().Set("Content-Length", strconv.Itoa(hundred))
		io.Copy(w, &flood{size: hundred})
	}
}

// TestStreamMemory wants a file of 100 MB to pass either way without memory growing by more than 8 MB. It runs alone: others would
// use memory as well.
func TestStreamMemory(t *testing.T) {
	for name, tt := range map[string]struct {
		pending func(r *rig, url string) conversation.Pending
		frame   int64 // more than the file itself: the form around it, at most
	}{
		"to zendesk": {func(*rig, string) conversation.Pending {
			return inbound(customers("document", "grande.pdf", "application/pdf"))
		}, 0},
		"to whatsapp": {func(_ *rig, url string) conversation.Pending {
			return transfer(conversation.PeerWhatsApp, conversation.File{
				ID: "103.0", Kind: "document", Name: "grande.pdf", MIME: "application/pdf", Size: hundred, URL: url + "/files/a1",
			})
		}, 2000},
	} {
		t.Run(name, func(t *testing.T) {
			r := setup(t)
			r.set.Files.MostInbound = hundred
			p := &pourer{sum: digest(t, hundred)}
			srv := httptest.NewServer(p)
			t.Cleanup(srv.Close)
			p.url, p.gauge = srv.URL, newGauge()
			r.dial(srv.URL, srv.URL)
			got := r.done(r.carry(tt.pending(r, srv.URL)))
			r.same("refusal", got.File.Refusal, "")
			if p.file < hundred || p.file > hundred+tt.frame {
				t.Errorf("%d bytes arrived", p.file)
			}
			if tt.frame == 0 {
				r.same("content", hex.EncodeToString(p.gauge.sum.Sum(nil)), p.sum)
			}
			if grown := p.gauge.grown(); grown > mostHeap || p.gauge.most == 0 {
				t.Errorf("the heap grew by %d bytes", grown)
			} else {
				t.Logf("the heap grew by %d KB", grown>>10)
			}
		})
	}
}
