package conversation

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// statePacked is the first byte of a packed state; its length in JSON and the packed JSON follow. JSON itself begins otherwise, and is
// read as it is: states of earlier schemas, and those that are too short to be worth it.
const statePacked = 1

// worthPacking is the shortest JSON that is packed, in bytes.
const worthPacking = 256

// EncodeState is how the state of a mailbox is stored: its JSON, packed where that saves room.
func EncodeState(state any) ([]byte, error) {
	plain, err := json.Marshal(state)
	if err != nil {
		return nil, fmt.Errorf("write state: %w", err)
	}
	return PackState(plain), nil
}

// DecodeState reads what EncodeState wrote, and the plain JSON of earlier versions, into a state. Nothing is read from nothing.
func DecodeState(raw []byte, into any) error {
	plain, err := StateJSON(raw)
	if err != nil || len(plain) == 0 {
		return err
	}
	if err := json.Unmarshal(plain, into); err != nil {
		return fmt.Errorf("read state: %w", err)
	}
	return nil
}

// PackState is how a state's JSON is stored.
func PackState(plain []byte) []byte {
	if len(plain) < worthPacking {
		return plain
	}
	packed := binary.AppendUvarint(append(make([]byte, 0, len(plain)/2), statePacked), uint64(len(plain)))
	if packed = squeeze(packed, plain); len(packed) >= len(plain) {
		return plain
	}
	return packed
}

// StateJSON is the JSON of a stored state; nil when there is none.
func StateJSON(raw []byte) ([]byte, error) {
	if len(raw) == 0 || raw[0] != statePacked {
		return raw, nil
	}
	length, used := binary.Uvarint(raw[1:])
	packed := raw[max(1+used, 1):]
	if used <= 0 || length > uint64(len(packed))*mostGrowth {
		return nil, errSqueezed
	}
	return unsqueeze(packed, int(length)) // #nosec G115 -- just compared
}
