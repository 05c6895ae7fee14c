package store

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	operation "github.com/ponte-desk/ponte/bridge/settings"
)

// How often the version is looked at, and how long a look and a reading may take.
const (
	lookEvery   = time.Second
	lookTimeout = 250 * time.Millisecond
	readTimeout = time.Second
)

// Live gives the settings as they are now, at the price of a look at memory: at most once a second one caller asks Redis for their
// version and reads them when it has changed, while the others go on with what was known. It looks only when it is asked.
//
// While Redis does not answer, and while what is stored can't be read or is of a newer form, the last good settings hold.
type Live struct {
	settings *Settings
	now      func() time.Time
	fallback operation.Operation
	logger   *slog.Logger

	looking  sync.Mutex
	known    atomic.Pointer[snapshot]
	lookedAt atomic.Int64 // by now, in ns
	failures atomic.Int64

	// Guarded by looking.
	refused string // the mark of the version that can't be read, "" = none
	away    bool   // Redis did not answer the last look
}

// snapshot is one version of the settings.
type snapshot struct {
	op   operation.Operation
	mark string // of the version; "" = the fallback
}

// NewLive makes the reader; nothing is read yet. fallback holds while none are saved, and until the first good reading.
func NewLive(s *Settings, now func() time.Time, fallback operation.Operation, logger *slog.Logger) *Live {
	return &Live{settings: s, now: now, fallback: fallback, logger: logger}
}

// Of is the settings of a number. What it points to is shared: it is read, never changed.
func (l *Live) Of(number string) operation.Number { return l.latest().op.Of(number) }

// Operation is all settings, with their version; 0 = the fallback. What it points to is shared: it is read, never changed.
func (l *Live) Operation() (op operation.Operation, version int64) {
	s := l.latest()
	return s.op, numberOf(s.mark)
}

// Failures counts the looks that gave no settings since the start.
func (l *Live) Failures() int64 { return l.failures.Load() }

// latest looks when it is time to. The first callers wait for the first look, the later ones for none but their own.
func (l *Live) latest() *snapshot {
	known := l.known.Load()
	switch {
	case known == nil:
		l.looking.Lock()
	case !l.due() || !l.looking.TryLock():
		return known
	}
	defer l.looking.Unlock()
	if known = l.known.Load(); known == nil || l.due() {
		known = l.look(known)
		l.known.Store(known)
		l.lookedAt.Store(l.now().UnixNano())
	}
	return known
}

// due says whether a second has passed since the last look; it has as well when the clock was put back.
func (l *Live) due() bool {
	passed := l.now().UnixNano() - l.lookedAt.Load()
	return passed < 0 || passed >= int64(lookEvery)
}

// look gives the settings that hold from now on.
func (l *Live) look(known *snapshot) *snapshot {
	if known == nil {
		known = &snapshot{op: l.fallback}
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookTimeout)
	defer cancel()
	mark, err := l.settings.current(ctx)
	switch {
	case err != nil:
		l.fail(err)
		return known
	case mark == known.mark:
		l.back()
		l.refused = ""
		return known
	case mark != "" && mark == l.refused:
		l.back()
		l.failures.Add(1)
		return known
	}
	return l.read(known)
}

// read gives the settings that are stored, or those that hold while they can't be read.
func (l *Live) read(known *snapshot) *snapshot {
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	mark, stored, err := l.settings.stored(ctx)
	if err != nil {
		l.fail(err)
		return known
	}
	l.back()
	op := l.fallback
	if mark != "" {
		op, err = read(mark, stored)
	}
	if err != nil {
		l.failures.Add(1)
		l.refused = mark
		l.logger.Error("stored settings can't be used, the last good ones hold",
			"version", numberOf(mark), "holds", numberOf(known.mark), "error", err)
		return known
	}
	l.refused = ""
	l.logger.Info("settings changed", "version", numberOf(mark))
	return &snapshot{op: op, mark: mark}
}

// fail notes that Redis does not answer, and says so once.
func (l *Live) fail(err error) {
	l.failures.Add(1)
	if !l.away {
		l.logger.Warn("settings can't be looked up, the last good ones hold", "error", err)
	}
	l.away = true
}

// back notes that Redis answers.
func (l *Live) back() {
	if l.away {
		l.logger.Info("settings can be looked up again")
	}
	l.away = false
}
