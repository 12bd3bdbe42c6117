package mysql

import (
	"maps"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// own are the functions and clauses that all of these servers have.
var own = dialect.Owned("my", `field find_in_set substring_index hex unhex md5 sha2 crc32 soundex sounds_like format convert_using
date_format str_to_date unix_timestamp from_unixtime last_day convert_tz utc_timestamp
inet_aton inet_ntoa inet6_aton inet6_ntoa uuid last_insert_id connection_id database get_lock release_lock is_free_lock partition
json_contains_path json_set json_insert json_replace json_remove json_array_append json_merge_patch json_keys json_search
json_type json_depth json_valid`)

// ownOf are those of a server.
func ownOf(id identity) map[string]struct{} {
	set := maps.Clone(own)
	add := func(has bool, words string) {
		if has {
			maps.Copy(set, dialect.Owned("my", words))
		}
	}
	add(id.product != productTiDB, "match_against")
	add(id.from(productMySQL, 8, 0, 4), "json_table")
	add(id.from(productMySQL, 8, 0, 0), "uuid_to_bin bin_to_uuid")
	add(id.from(productMySQL, 8, 0, 17), "json_overlaps member_of")
	if id.product == productTiDB {
		delete(set, "my.soundex")
		delete(set, "my.sounds_like")
	}
	add(id.product == productTiDB, "json_overlaps member_of uuid_to_bin bin_to_uuid")
	add(id.from(productMariaDB, 10, 3, 0), "for_system_time")
	add(id.from(productMariaDB, 10, 6, 0), "json_table")
	add(id.from(productMariaDB, 10, 9, 0), "json_overlaps")
	return set
}
