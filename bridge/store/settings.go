package store

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	operation "github.com/ponte-desk/ponte/bridge/settings"
)

//go:embed lua/settings.lua
var settingsSource string

// keptVersions is how many versions of the settings are kept, the current one included.
const keptVersions = 100

var (
	// ErrSettingsConflict says that somebody else has saved settings meanwhile.
	ErrSettingsConflict = errors.New("the settings were changed by somebody else meanwhile")
	// ErrSettingsUnreadable says that what is stored as settings is damaged or not valid; saving right ones mends it.
	ErrSettingsUnreadable = errors.New("the stored settings can't be read")
)

// Settings keeps the operation's settings and their last versions, for all instances.
type Settings struct {
	client redis.UniversalClient
	prefix string
	now    func() time.Time
	save   *redis.Script
}

// NewSettings makes the keeper; now gives the times of the versions.
func NewSettings(client redis.UniversalClient, prefix string, now func() time.Time) *Settings {
	return &Settings{client: client, prefix: prefix, now: now, save: script(settingsSource)}
}

// Version is one version of the settings.
type Version struct {
	// Number counts the versions from 1.
	Number int64
	// At is when it was saved, and By who saved it.
	At time.Time
	By string
	// YAML is the file of the settings.
	YAML string
}

// storedVersion is a Version as it is stored.
type storedVersion struct {
	Number int64     `json:"version"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	YAML   string    `json:"yaml"`
	// Word is random: a repeated save knows its own version by it, and two versions that got the same number because a failover lost
	// the first one differ by it.
	Word string `json:"word"`
}

// mark names the version among all that ever had its number.
func (v storedVersion) mark() string { return strconv.FormatInt(v.Number, 10) + " " + v.Word }

// Load gives the settings and their version; the defaults and 0 as long as none were saved.
//
// When they can't be read the error is ErrSettingsUnreadable or settings.ErrNewerForm, and the version is told all the same.
func (s *Settings) Load(ctx context.Context) (op operation.Operation, version int64, err error) {
	mark, stored, err := s.stored(ctx)
	switch {
	case err != nil:
		return op, 0, fmt.Errorf("load the settings: %w", err)
	case mark == "":
		return operation.DefaultOperation(), 0, nil
	}
	op, err = read(mark, stored)
	return op, numberOf(mark), err
}

// stored gives the current version as it is stored, and its mark; "" as long as none were saved.
func (s *Settings) stored(ctx context.Context) (mark, stored string, err error) {
	var current, first *redis.StringCmd
	_, err = s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		current, first = p.Get(ctx, settingsVersionKey(s.prefix)), p.LIndex(ctx, settingsLogKey(s.prefix), 0)
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return "", "", err
	}
	return current.Val(), first.Val(), nil
}

// current gives the current version's mark alone; "" as long as none were saved.
func (s *Settings) current(ctx context.Context) (mark string, err error) {
	mark, err = s.client.Get(ctx, settingsVersionKey(s.prefix)).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return "", fmt.Errorf("look at the settings' version: %w", err)
	}
	return mark, nil
}

// numberOf is the number of the version that a mark names.
func numberOf(mark string) int64 {
	number, _, _ := strings.Cut(mark, " ")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// read gives the settings of a version.
func read(mark, stored string) (operation.Operation, error) {
	v, err := readVersion(stored)
	if err != nil {
		return operation.Operation{}, err
	}
	if v.mark() != mark {
		return operation.Operation{}, fmt.Errorf("%w: version %d is missing", ErrSettingsUnreadable, numberOf(mark))
	}
	op, err := operation.Decode([]byte(v.YAML))
	if err != nil && !errors.Is(err, operation.ErrNewerForm) {
		err = fmt.Errorf("%w: %w", ErrSettingsUnreadable, err)
	}
	return op, err
}

// Save stores settings as the version after expect and returns its number; by says who saves them.
//
// The error is ErrSettingsConflict when expect is not the current version, or a *operation.InvalidError. After another error the call can
// be repeated with the same expect; should the first one have taken effect, that gives a conflict.
func (s *Settings) Save(ctx context.Context, op operation.Operation, by string, expect int64) (version int64, err error) {
	file, err := operation.Encode(op)
	if err != nil {
		return 0, err
	}
	next := storedVersion{Number: expect + 1, At: s.now().UTC(), By: by, YAML: string(file), Word: rand.Text()}
	stored, err := json.Marshal(next)
	if err != nil {
		return 0, fmt.Errorf("write the settings' version: %w", err)
	}
	keys := []string{settingsVersionKey(s.prefix), settingsLogKey(s.prefix)}
	told, err := s.save.Run(ctx, s.client, keys, expect, next.mark(), stored, keptVersions).Int64Slice()
	if err != nil {
		return 0, fmt.Errorf("save the settings: %w", err)
	}
	if told[1] == 0 {
		return 0, fmt.Errorf("%w: version %d is current, not %d", ErrSettingsConflict, told[0], expect)
	}
	return told[0], nil
}

// History gives the last versions, at most 100, the current one first.
func (s *Settings) History(ctx context.Context) ([]Version, error) {
	stored, err := s.client.LRange(ctx, settingsLogKey(s.prefix), 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("read the settings' history: %w", err)
	}
	all := make([]Version, len(stored))
	for i, raw := range stored {
		v, err := readVersion(raw)
		if err != nil {
			return nil, err
		}
		all[i] = Version{Number: v.Number, At: v.At, By: v.By, YAML: v.YAML}
	}
	return all, nil
}

func readVersion(raw string) (storedVersion, error) {
	var v storedVersion
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		return v, fmt.Errorf("%w: %w", ErrSettingsUnreadable, err)
	}
	return v, nil
}
