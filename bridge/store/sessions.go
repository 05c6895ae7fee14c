package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

var (
	//go:embed lua/session_open.lua
	sessionOpenSource string
	//go:embed lua/session_renew.lua
	sessionRenewSource string
)

// SessionTimes says how long sessions of people live. All go by Redis' clock, as leases do.
type SessionTimes struct {
	// Life is how long a session is good without being renewed.
	Life time.Duration
	// Longest is how long it is good, however often it is renewed.
	Longest time.Duration
	// Grace is how long a token stays good after it was renewed: the answer may have been lost, and requests may be on their way.
	Grace time.Duration
	// Code is how long a one-time code is good.
	Code time.Duration
}

// DefaultSessionTimes are the times of a product that runs.
func DefaultSessionTimes() SessionTimes {
	return SessionTimes{Life: 15 * time.Minute, Longest: 12 * time.Hour, Grace: 30 * time.Second, Code: time.Minute}
}

// Session is somebody's right to ask for things for a while.
type Session struct {
	// ID names the session; it opens nothing.
	ID string
	// Agent is whose it is.
	Agent int64
	// Data is what was put into it.
	Data []byte
	// Token opens it. It is told once, where it was made: Redis holds its hash alone.
	Token string
	// Expires is until when the token is good without being renewed, by Redis' clock.
	Expires time.Time
}

// Sessions keeps the sessions of people, for all instances. It knows bytes only.
//
// A token is an id, which says where to look, and 256 random bits. A session is three keys of one slot: what it holds, each of its
// tokens by its hash, and its name among those of its agent.
type Sessions struct {
	client      redis.UniversalClient
	prefix      string
	times       SessionTimes
	open, renew *redis.Script
}

// NewSessions keeps sessions under keys that begin with prefix.
func NewSessions(client redis.UniversalClient, prefix string, times SessionTimes) *Sessions {
	return &Sessions{client: client, prefix: prefix, times: times, open: script(sessionOpenSource), renew: script(sessionRenewSource)}
}

// sessionName is what a session's id is made of.
type sessionName struct {
	agent int64
	name  string
}

// id is the name as others see it.
func (n sessionName) id() string { return strconv.FormatInt(n.agent, 10) + "." + n.name }

// parseSession reads an id, or a token or code, which is an id and a secret.
func parseSession(s string, secret bool) (n sessionName, ok bool) {
	parts := strings.Split(s, ".")
	if len(parts) < 2 || secret != (len(parts) == 3) {
		return n, false
	}
	agent, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || agent <= 0 || len(s) > mostSessionToken || strings.ContainsAny(s, "{}:") {
		return n, false
	}
	return sessionName{agent, parts[1]}, parts[1] != ""
}

// mostSessionToken is longer than any token, in bytes.
const mostSessionToken = 128

// Lengths of what is drawn, in bytes.
const (
	nameBytes   = 16
	secretBytes = 32
)

// draw is so many random bytes, in letters and digits.
func draw(n int) string {
	raw := make([]byte, n)
	rand.Read(raw) // it never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(raw)
}

// sessionKey holds what a session holds.
func sessionKey(prefix string, n sessionName) string {
	return sessionsKey(prefix, n.agent) + ":" + n.name
}

// sessionsKey holds the names of an agent's sessions, by their ends.
func sessionsKey(prefix string, agent int64) string {
	return prefix + "sess:{" + strconv.FormatInt(agent, 10) + "}"
}

// sessionTokenKey stands for a token of a session, and sessionCodeKey for a code; both hold the session's end.
func sessionTokenKey(prefix string, n sessionName, token string) string {
	return sessionKey(prefix, n) + ":t:" + hashed(token)
}

func sessionCodeKey(prefix string, n sessionName, code string) string {
	return sessionKey(prefix, n) + ":c:" + hashed(code)
}

// spentKey stands for something that is good once.
func spentKey(prefix, once string) string { return prefix + "sess:spent:" + hashed(once) }

func hashed(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// stamp is a time of Redis' clock, in ms.
func stamp(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// Open begins a session of an agent.
func (s *Sessions) Open(ctx context.Context, agent int64, data []byte) (Session, error) {
	opened, ok, err := s.begin(ctx, agent, data, "0", nil)
	if err == nil && !ok {
		err = errors.New("open a session: it has no life")
	}
	return opened, err
}

// begin opens a session that ends at a time, "0" for the longest one; ok is false when that has come, or when the session that it comes
// from has ended.
func (s *Sessions) begin(ctx context.Context, agent int64, data []byte, ends string, from []string) (opened Session, ok bool, err error) {
	n := sessionName{agent, draw(nameBytes)}
	token := n.id() + "." + draw(secretBytes)
	keys := append([]string{sessionKey(s.prefix, n), sessionTokenKey(s.prefix, n, token), sessionsKey(s.prefix, agent)}, from...)
	until, err := s.open.Run(ctx, s.client, keys,
		data, s.times.Life.Milliseconds(), s.times.Longest.Milliseconds(), ends, n.name).Int64()
	if err != nil {
		return Session{}, false, fmt.Errorf("open a session: %w", err)
	}
	return Session{ID: n.id(), Agent: agent, Data: data, Token: token, Expires: stamp(until)}, until > 0, nil
}

// Find is the session that a token opens; ok is false when it opens none, or none any more. It is one round trip.
func (s *Sessions) Find(ctx context.Context, token string) (found Session, ok bool, err error) {
	n, ok := parseSession(token, true)
	if !ok {
		return Session{}, false, nil
	}
	pipe := s.client.Pipeline()
	data, until := pipe.Get(ctx, sessionKey(s.prefix, n)), pipe.PExpireTime(ctx, sessionTokenKey(s.prefix, n, token))
	if err := exec(ctx, pipe, "find a session"); err != nil {
		return Session{}, false, err
	}
	if data.Val() == "" || until.Val() <= 0 { // one of them is missing: exec tells every other error
		return Session{}, false, nil
	}
	return Session{ID: n.id(), Agent: n.agent, Data: []byte(data.Val()), Expires: stamp(until.Val().Milliseconds())}, true, nil
}

// Read is a session by its id, whatever became of its tokens; ok is false when it has ended.
func (s *Sessions) Read(ctx context.Context, id string) (found Session, ok bool, err error) {
	n, ok := parseSession(id, false)
	if !ok {
		return Session{}, false, nil
	}
	data, err := s.client.Get(ctx, sessionKey(s.prefix, n)).Bytes()
	if errors.Is(err, redis.Nil) {
		return Session{}, false, nil
	}
	if err != nil {
		return Session{}, false, fmt.Errorf("read a session: %w", err)
	}
	return Session{ID: id, Agent: n.agent, Data: data}, true, nil
}

// Renew gives a session a new token and new content; ok is false when there is no such session, or its end has come. The old token
// stays good for a while: renewed with it again, because the answer was lost, the session has another new one.
func (s *Sessions) Renew(ctx context.Context, token string, data []byte) (renewed Session, ok bool, err error) {
	n, ok := parseSession(token, true)
	if !ok {
		return Session{}, false, nil
	}
	next := n.id() + "." + draw(secretBytes)
	until, err := s.renew.Run(ctx, s.client,
		[]string{sessionKey(s.prefix, n), sessionTokenKey(s.prefix, n, token), sessionTokenKey(s.prefix, n, next)},
		data, s.times.Life.Milliseconds(), s.times.Grace.Milliseconds()).Int64()
	if err != nil {
		return Session{}, false, fmt.Errorf("renew a session: %w", err)
	}
	if until <= 0 {
		return Session{}, false, nil
	}
	return Session{ID: n.id(), Agent: n.agent, Data: data, Token: next, Expires: stamp(until)}, true, nil
}

// End ends a session by its id. One that has ended already is fine.
func (s *Sessions) End(ctx context.Context, id string) error {
	n, ok := parseSession(id, false)
	if !ok {
		return nil
	}
	pipe := s.client.TxPipeline()
	pipe.Del(ctx, sessionKey(s.prefix, n))
	pipe.ZRem(ctx, sessionsKey(s.prefix, n.agent), n.name)
	return exec(ctx, pipe, "end a session")
}

// EndAll ends all sessions that an agent has, and tells how many they were.
func (s *Sessions) EndAll(ctx context.Context, agent int64) (ended int, err error) {
	names, err := s.client.ZRange(ctx, sessionsKey(s.prefix, agent), 0, -1).Result()
	if err != nil {
		return 0, fmt.Errorf("end an agent's sessions: %w", err)
	}
	if len(names) == 0 {
		return 0, nil
	}
	keys, members := make([]string, len(names)), make([]any, len(names))
	for i, name := range names {
		keys[i], members[i] = sessionKey(s.prefix, sessionName{agent, name}), name
	}
	pipe := s.client.TxPipeline()
	gone := pipe.Del(ctx, keys...)
	pipe.ZRem(ctx, sessionsKey(s.prefix, agent), members...)
	if err := exec(ctx, pipe, "end an agent's sessions"); err != nil {
		return 0, err
	}
	return int(gone.Val()), nil
}

// Code makes a code that opens one more session of the same agent, once, while the session of the token lasts; ok is false when the
// token opens none.
func (s *Sessions) Code(ctx context.Context, token string) (code string, expires time.Time, ok bool, err error) {
	n, ok := parseSession(token, true)
	if !ok {
		return "", expires, false, nil
	}
	got, err := s.client.MGet(ctx, sessionKey(s.prefix, n), sessionTokenKey(s.prefix, n, token)).Result()
	if err != nil {
		return "", expires, false, fmt.Errorf("find a session: %w", err)
	}
	ends, alive := got[1].(string)
	if !alive || got[0] == nil {
		return "", expires, false, nil
	}
	code = n.id() + "." + draw(secretBytes)
	pipe := s.client.Pipeline()
	pipe.Set(ctx, sessionCodeKey(s.prefix, n, code), ends, s.times.Code)
	until := pipe.PExpireTime(ctx, sessionCodeKey(s.prefix, n, code))
	if err := exec(ctx, pipe, "keep a code"); err != nil {
		return "", expires, false, err
	}
	return code, stamp(until.Val().Milliseconds()), true, nil
}

// Redeem opens the session that a code stands for, with the content and the end of the session that the code was made in; ok is false
// when the code is none, was used, or is too old.
func (s *Sessions) Redeem(ctx context.Context, code string) (opened Session, ok bool, err error) {
	n, ok := parseSession(code, true)
	if !ok {
		return Session{}, false, nil
	}
	ends, err := s.client.GetDel(ctx, sessionCodeKey(s.prefix, n, code)).Result()
	if errors.Is(err, redis.Nil) {
		return Session{}, false, nil
	}
	if err != nil {
		return Session{}, false, fmt.Errorf("redeem a code: %w", err)
	}
	from, ok, err := s.Read(ctx, n.id())
	if err != nil || !ok {
		return Session{}, false, err
	}
	return s.begin(ctx, n.agent, from.Data, ends, []string{sessionKey(s.prefix, n)})
}

// Spend uses something up that is good once, for a time; first is false when it was used before.
func (s *Sessions) Spend(ctx context.Context, once string, life time.Duration) (first bool, err error) {
	first, err = s.client.SetNX(ctx, spentKey(s.prefix, once), "", max(life, time.Millisecond)).Result()
	if err != nil {
		return false, fmt.Errorf("use something up: %w", err)
	}
	return first, nil
}
