package guard_test

import (
	"errors"
	"io"
	"sync/atomic"
	"testing"

	"github.com/ponte-desk/ponte/internal/guard"
)

// held is a source whose read lasts until it is let go.
type held struct {
	begun, release chan struct{}
	reading        atomic.Bool
	reads          atomic.Int32
}

func (h *held) Read(p []byte) (int, error) {
	h.reads.Add(1)
	h.reading.Store(true)
	defer h.reading.Store(false)
	close(h.begun)
	<-h.release
	return copy(p, "x"), nil
}

func TestLoan(t *testing.T) {
	t.Parallel()
	source := &held{begun: make(chan struct{}), release: make(chan struct{})}
	loan := guard.Lend(source)
	read := make(chan error, 1)
	go func() {
		_, err := loan.Read(make([]byte, 1))
		read <- err
	}()
	<-source.begun
	stillRead := make(chan bool, 1)
	go func() {
		loan.TakeBack()
		stillRead <- source.reading.Load()
	}()
	close(source.release)
	if err := <-read; err != nil {
		t.Errorf("the read that was under way failed: %v", err)
	}
	if <-stillRead {
		t.Error("taken back while it was being read")
	}
	if n, err := loan.Read(make([]byte, 1)); n != 0 || err == nil || errors.Is(err, io.EOF) {
		t.Errorf("read %d, %v after it was taken back", n, err)
	}
	if got := source.reads.Load(); got != 1 {
		t.Errorf("the source was read %d times", got)
	}
}
