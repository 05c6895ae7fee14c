package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Reports keeps reports that were made: what each is about, and the rows of conversations that it was made of, as they were then. It
// knows bytes only; the files are made of the rows again when somebody wants them. Kept this way a report takes a tenth of what its files
// would, and an erased contact's rows can be taken out of it.
type Reports struct {
	client redis.UniversalClient
	prefix string
	now    func() time.Time
}

// NewReports makes the keeper; now gives the time by which old ones are left out of the list.
func NewReports(client redis.UniversalClient, prefix string, now func() time.Time) *Reports {
	return &Reports{client: client, prefix: prefix, now: now}
}

// Report says what a kept report is about.
type Report struct {
	ID string `json:"id"`
	// From and To are the time that it is about, To excluded; Made is when it was made.
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	Made time.Time `json:"made"`
	// Zone is the IANA name of the zone of its times, Language that of its words.
	Zone     string `json:"zone"`
	Language string `json:"language"`
	// Rows is how many conversations it was made of, and List names the list that has them.
	Rows int    `json:"rows"`
	List string `json:"list,omitempty"`
}

// The keys of one report carry no common hash tag: no script touches two of them.

// reportsKey holds the ids of the kept reports, by when their time is up in seconds.
func reportsKey(prefix string) string { return prefix + "reports" }

// reportKey holds what a report is about.
func reportKey(prefix, id string) string { return prefix + "report:" + id }

// forgottenKey holds the sessions whose rows were taken out lately.
func forgottenKey(prefix string) string { return prefix + "report:forgotten" }

// reportRowsKey holds a report's rows, in pieces.
func reportRowsKey(prefix, list string) string { return prefix + "report:rows:" + list }

const (
	rowsAPiece = 1000           // of a report
	unfinished = 24 * time.Hour // how long the rows of a report that was never finished stay
	forgotten  = time.Hour      // longer than a report is in the making
)

// ErrReportDamaged says that the rows of a kept report can't be read.
var ErrReportDamaged = errors.New("the kept report is damaged")

// ReportWriter keeps one report.
type ReportWriter struct {
	r     *Reports
	id    string
	list  string
	rows  int
	piece []ReportRow
}

// ReportRow is one conversation's row in a report.
type ReportRow struct {
	Session string
	Data    []byte
}

// Write begins to keep a report; nobody sees it before Close.
func (r *Reports) Write(id string) *ReportWriter {
	return &ReportWriter{r: r, id: id, list: id + ":" + rand.Text()}
}

// Add adds a row.
func (w *ReportWriter) Add(ctx context.Context, row ReportRow) error {
	w.rows++
	if w.piece = append(w.piece, row); len(w.piece) < rowsAPiece {
		return nil
	}
	return w.flush(ctx)
}

func (w *ReportWriter) flush(ctx context.Context) error {
	raw, err := pack(w.piece)
	if err != nil {
		return err
	}
	w.piece = w.piece[:0]
	key := reportRowsKey(w.r.prefix, w.list)
	pipe := w.r.client.Pipeline()
	pipe.RPush(ctx, key, raw)
	pipe.Expire(ctx, key, unfinished)
	return exec(ctx, pipe, "keep a report's rows")
}

// Close lets the report take the place of the one with its id, for keep from now; zero or less is for good.
func (w *ReportWriter) Close(ctx context.Context, about Report, keep time.Duration) error {
	if len(w.piece) > 0 {
		if err := w.flush(ctx); err != nil {
			return err
		}
	}
	r := w.r
	before, known, err := r.Report(ctx, w.id)
	if err != nil {
		return err
	}
	about.ID, about.Rows, about.List = w.id, w.rows, w.list
	raw, err := json.Marshal(about)
	if err != nil {
		return fmt.Errorf("write a report: %w", err)
	}
	key, ends := reportRowsKey(r.prefix, w.list), math.Inf(1)
	pipe := r.client.Pipeline()
	if keep > 0 {
		ends = float64(r.now().Add(keep).Unix())
		pipe.Expire(ctx, key, keep)
	} else {
		pipe.Persist(ctx, key)
	}
	if err := exec(ctx, pipe, "keep a report's rows"); err != nil {
		return err
	}
	pipe = r.client.Pipeline()
	pipe.Set(ctx, reportKey(r.prefix, w.id), raw, max(keep, 0))
	pipe.ZAdd(ctx, reportsKey(r.prefix), redis.Z{Score: ends, Member: w.id})
	if known {
		pipe.Del(ctx, reportRowsKey(r.prefix, before.List))
	}
	if err := exec(ctx, pipe, "keep a report"); err != nil {
		return err
	}
	return r.withoutForgotten(ctx, about)
}

// withoutForgotten takes the rows out of a report that were forgotten while it was made.
func (r *Reports) withoutForgotten(ctx context.Context, about Report) error {
	sessions, err := r.client.SMembers(ctx, forgottenKey(r.prefix)).Result()
	if err != nil {
		return fmt.Errorf("keep a report: %w", err)
	}
	if len(sessions) == 0 {
		return nil
	}
	gone := make(map[string]bool, len(sessions))
	for _, session := range sessions {
		gone[session] = true
	}
	return r.cut(ctx, about, gone)
}

// Report tells what a kept report is about; ok is false when there is none.
func (r *Reports) Report(ctx context.Context, id string) (about Report, ok bool, err error) {
	raw, err := r.client.Get(ctx, reportKey(r.prefix, id)).Bytes()
	if errors.Is(err, redis.Nil) {
		return about, false, nil
	}
	if err != nil {
		return about, false, fmt.Errorf("read a kept report: %w", err)
	}
	if err := json.Unmarshal(raw, &about); err != nil {
		return about, false, fmt.Errorf("%w: %w", ErrReportDamaged, err)
	}
	return about, true, nil
}

// List tells the kept reports, those made last first.
func (r *Reports) List(ctx context.Context) ([]Report, error) {
	over := "(" + strconv.FormatInt(r.now().Unix(), 10)
	pipe := r.client.Pipeline()
	pipe.ZRemRangeByScore(ctx, reportsKey(r.prefix), "-inf", over)
	asked := pipe.ZRange(ctx, reportsKey(r.prefix), 0, -1)
	if err := exec(ctx, pipe, "list kept reports"); err != nil {
		return nil, err
	}
	var all []Report
	for _, id := range asked.Val() {
		about, ok, err := r.Report(ctx, id)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, about)
		}
	}
	slices.SortStableFunc(all, func(a, b Report) int { return b.Made.Compare(a.Made) })
	return all, nil
}

// Rows hands out the rows of a kept report. An error of visit ends it.
func (r *Reports) Rows(ctx context.Context, about Report, visit func(session string, data []byte) error) error {
	return r.pieces(ctx, about, func(_ int64, rows []ReportRow) error {
		for _, row := range rows {
			if err := visit(row.Session, row.Data); err != nil {
				return err
			}
		}
		return nil
	})
}

// pieces reads a report's rows piece by piece.
func (r *Reports) pieces(ctx context.Context, about Report, visit func(i int64, rows []ReportRow) error) error {
	for i := int64(0); ; i++ {
		raw, err := r.client.LIndex(ctx, reportRowsKey(r.prefix, about.List), i).Bytes()
		if errors.Is(err, redis.Nil) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a kept report's rows: %w", err)
		}
		rows, err := unpack(raw)
		if err != nil {
			return err
		}
		if err := visit(i, rows); err != nil {
			return err
		}
	}
}

// Forget takes rows out of the kept reports that are about one of their days, and out of those in the making. It can be repeated.
func (r *Reports) Forget(ctx context.Context, places []Place) error {
	if len(places) == 0 {
		return nil
	}
	gone, sessions := map[string]bool{}, make([]any, len(places))
	for i, p := range places {
		gone[p.Session], sessions[i] = true, p.Session
	}
	// A report that is finished after the list was read finds them here.
	pipe := r.client.Pipeline()
	pipe.SAdd(ctx, forgottenKey(r.prefix), sessions...)
	pipe.Expire(ctx, forgottenKey(r.prefix), forgotten)
	if err := exec(ctx, pipe, "forget rows of reports"); err != nil {
		return err
	}
	all, err := r.List(ctx)
	if err != nil {
		return err
	}
	for _, about := range all {
		if !slices.ContainsFunc(places, about.covers) {
			continue
		}
		if err := r.cut(ctx, about, gone); err != nil {
			return err
		}
	}
	return nil
}

// covers tells whether the report is about a part of a row's day; it is when that can't be told.
func (about Report) covers(p Place) bool {
	day, err := time.Parse(time.DateOnly, p.Day)
	return err != nil || day.Before(about.To) && day.Add(24*time.Hour).After(about.From)
}

// cut takes the rows of sessions out of a report. How many it was made of stays as it was.
func (r *Reports) cut(ctx context.Context, about Report, gone map[string]bool) error {
	return r.pieces(ctx, about, func(i int64, rows []ReportRow) error {
		before := len(rows)
		rows = slices.DeleteFunc(rows, func(row ReportRow) bool { return gone[row.Session] })
		if len(rows) == before {
			return nil
		}
		raw, err := pack(rows)
		if err != nil {
			return err
		}
		if err := r.client.LSet(ctx, reportRowsKey(r.prefix, about.List), i, raw).Err(); err != nil {
			return fmt.Errorf("take rows out of a kept report: %w", err)
		}
		return nil
	})
}

// pack is rows as they are stored: each session and each row behind its length, all of it compressed.
func pack(rows []ReportRow) ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	var plain []byte
	for _, row := range rows {
		for _, part := range [][]byte{[]byte(row.Session), row.Data} {
			plain = append(binary.AppendUvarint(plain, uint64(len(part))), part...)
		}
	}
	_, err := z.Write(plain)
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, fmt.Errorf("pack rows: %w", err)
	}
	return out.Bytes(), nil
}

// mostPiece bounds a piece when it is unpacked, in bytes: far more than rowsAPiece rows have.
const mostPiece = 64 << 20

// unpack reads what pack wrote.
func unpack(raw []byte) ([]ReportRow, error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrReportDamaged, err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, mostPiece))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrReportDamaged, err)
	}
	var rows []ReportRow
	for len(plain) > 0 {
		var parts [2][]byte
		for i := range parts {
			size, n := binary.Uvarint(plain)
			if n <= 0 || size > uint64(len(plain)-n) {
				return nil, ErrReportDamaged
			}
			parts[i], plain = plain[n:n+int(size)], plain[n+int(size):]
		}
		rows = append(rows, ReportRow{Session: string(parts[0]), Data: parts[1]})
	}
	return rows, nil
}
