package guard

import (
	"errors"
	"io"
	"sync"
)

// Loan is a reader given to a request, which may go on reading it after its answer came.
type Loan struct {
	mu sync.Mutex
	r  io.Reader // nil: taken back
}

// Lend returns a reader that reads r until it is taken back.
func Lend(r io.Reader) *Loan { return &Loan{r: r} }

// errTakenBack is read from then on.
var errTakenBack = errors.New("guard: the transfer is over")

// Read implements io.Reader.
func (l *Loan) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.r == nil {
		return 0, errTakenBack
	}
	return l.r.Read(p)
}

// TakeBack ends the loan: when it returns nobody reads the reader any more. It waits for a read that is under way.
func (l *Loan) TakeBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.r = nil
}
