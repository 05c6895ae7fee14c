package graph

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// generated is a file that is computed while it is read: the beginning of its MIME type, then bytes that follow from
// the seed. The same size, type and seed always give the same bytes.
type generated struct {
	head []byte
	seed uint64
	size int64
	at   int64
}

func newGenerated(mimeType string, seed uint64, size int64) *generated {
	return &generated{head: signature(mimeType), seed: seed, size: size}
}

var errSeek = errors.New("seek before the beginning of the file")

// Seek implements io.Seeker.
func (g *generated) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += g.at
	case io.SeekEnd:
		offset += g.size
	}
	if offset < 0 {
		return 0, errSeek
	}
	g.at = offset
	return offset, nil
}

// Read implements io.Reader.
func (g *generated) Read(p []byte) (int, error) {
	if g.at >= g.size {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), g.size-g.at)]
	n := 0
	for n < len(p) {
		if g.at < int64(len(g.head)) {
			n += g.advance(copy(p[n:], g.head[g.at:]))
			continue
		}
		var block [8]byte
		binary.LittleEndian.PutUint64(block[:], mix(g.seed+uint64(g.at)/8))
		n += g.advance(copy(p[n:], block[g.at%8:]))
	}
	return n, nil
}

func (g *generated) advance(n int) int {
	g.at += int64(n)
	return n
}

// Close implements io.Closer.
func (g *generated) Close() error { return nil }

// mix is the finaliser of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// generate describes a generated inbound file of size bytes; it reads all of them for the checksum, but for a file that
// is too large to arrive.
func generate(mimeType, filename string, size int64) (*media, error) {
	seed := uint64(size)
	hash := sha256.New()
	if size > maxDocument {
		return &media{MIME: mimeType, Size: size, Inbound: true, Generated: true}, nil
	}
	if _, err := io.Copy(hash, newGenerated(mimeType, seed, size)); err != nil {
		return nil, fmt.Errorf("generate: %w", err)
	}
	return &media{
		MIME: mimeType, SHA256: hash.Sum(nil), Size: size, Inbound: true, Filename: filename, Seed: seed, Generated: true,
	}, nil
}
