package bench

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of times in /proc: 1/100 s on every Linux that Go runs on.
const clockTick = 10 * time.Millisecond

var errProc = errors.New("bench: unreadable /proc")

// cpu is the time that a process has used so far, that of children it waited for included. Linux alone tells it.
func cpu(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("cpu time: %w", err)
	}
	return parseStat(string(stat))
}

// parseStat sums user and system time of a process and of its ended children.
// Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, fields 14 to 17.
func parseStat(stat string) (time.Duration, error) {
	const firstAfterName, first, last = 3, 14, 17
	_, rest, _ := cutLast(stat, ")") // the name may hold anything
	fields := strings.Fields(rest)
	if len(fields) <= last-firstAfterName {
		return 0, errProc
	}
	var ticks int64
	for _, f := range fields[first-firstAfterName : last-firstAfterName+1] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, errProc
		}
		ticks += n
	}
	return time.Duration(ticks) * clockTick, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// resident is the memory that a process has in use, in bytes. Linux alone tells it.
func resident(pid int) (int64, error) { return status(pid, "VmRSS:") }

// mostResident is the most memory that a process ever had in use, in bytes. Linux alone tells it.
func mostResident(pid int) (int64, error) { return status(pid, "VmHWM:") }

func status(pid int, name string) (int64, error) {
	file, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("resident memory: %w", err)
	}
	return parseKilobytes(string(file), name)
}

// parseKilobytes reads a line "name   123 kB" of a file in /proc, as bytes.
func parseKilobytes(file, name string) (int64, error) {
	for line := range strings.Lines(file) {
		rest, ok := strings.CutPrefix(line, name)
		if !ok {
			continue
		}
		kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
		if err != nil {
			return 0, errProc
		}
		return kb << 10, nil
	}
	return 0, errProc
}

// Machine is what the figures were measured on.
type Machine struct {
	Cores  int    `json:"cores"`
	Memory int64  `json:"memory_bytes,omitempty"` // 0 when the system does not tell
	System string `json:"system"`
	Go     string `json:"go"`
	Redis  string `json:"redis"` // its version
}

func machine(redisVersion string) Machine {
	m := Machine{
		Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: strings.TrimPrefix(runtime.Version(), "go"), Redis: redisVersion,
	}
	if info, err := os.ReadFile("/proc/meminfo"); err == nil {
		m.Memory, _ = parseKilobytes(string(info), "MemTotal:") // left out when unknown
	}
	return m
}
