/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/common.h"

#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum { FIRST_YEAR = 1950, LAST_YEAR = 2039 };

/* clang-format off */
static const char heads[][4] = {"", "my", "the", "new", "mr", "1", "123", "!", "@", "#", "$", "*"};

static const char words[][28] = {
	/* what the prompt says */
	"password", "passwd", "passwort", "passphrase", "passcode", "pass", "passpass",
	"secret", "topsecret", "secure", "security", "private", "unknown", "verification",
	"changeme", "changeit", "changethis", "change", "default", "initial", "temporary", "temp",
	"replace", "reset", "expired", "letmein", "letmeinnow", "openup", "opensesame", "enter", "access",
	"login", "logmein", "signin", "welcome", "welcomeback", "welcometo", "hello", "hellothere",
	"helloworld", "goodbye", "goodmorning", "please", "whatever", "nothing", "something",
	"forgot", "forgotten", "remember", "donotforget",
	/* who and what logs in */
	"admin", "administrator", "administration", "root", "rootroot", "toor", "superuser", "sysadmin",
	"system", "server", "service", "support", "helpdesk", "operator", "manager", "user", "username",
	"newuser", "guest", "office", "company", "business", "employee", "finance", "account", "master",
	"backup", "oracle", "database", "mysql", "postgres", "cisco", "router", "switch", "network",
	"internet", "computer", "laptop", "desktop", "keyboard", "windows", "linux", "ubuntu", "debian",
	"centos", "redhat", "fedora", "raspberry", "android", "iphone", "samsung", "google", "facebook",
	"microsoft", "apple", "amazon", "youtube", "minecraft", "pokemon", "nintendo", "playstation",
	"test", "testing", "tester", "testtest", "demo", "example", "sample", "training", "production",
	"develop", "developer", "student", "teacher", "school", "college", "university",
	/* keys side by side */
	"qwerty", "qwert", "qwertz", "azerty", "qwertyuiop", "asdf", "asdfgh", "asdfghjkl", "zxcvbn",
	"zxcvbnm", "qazwsx", "qazwsxedc", "qweasd", "qweasdzxc", "abc", "abcd", "abcdef", "abcdefgh",
	"aaaaaa", "xxxxxx",
	/* times of the year and the week */
	"spring", "summer", "autumn", "winter", "january", "february", "march", "april", "may", "june",
	"july", "august", "september", "october", "november", "december", "monday", "tuesday",
	"wednesday", "thursday", "friday", "saturday", "sunday", "christmas", "birthday", "holiday",
	"vacation", "weekend", "sommer", "herbst", "fruehling",
	/* what people like */
	"iloveyou", "iloveu", "loveyou", "loveme", "love", "lovely", "lover", "forever", "sweetheart",
	"sunshine", "princess", "prince", "queen", "angel", "babygirl", "beautiful", "flower",
	"butterfly", "rainbow", "diamond", "silver", "golden", "chocolate", "cookie", "cheese",
	"banana", "orange", "pepper", "ginger", "coffee", "dragon", "monkey", "tiger", "eagle",
	"phoenix", "mustang", "ferrari", "porsche", "mercedes", "harley", "yamaha", "corvette",
	"football", "baseball", "basketball", "soccer", "hockey", "tennis", "golfer", "liverpool",
	"arsenal", "chelsea", "barcelona", "juventus", "superman", "batman", "spiderman", "ironman",
	"starwars", "startrek", "matrix", "gandalf", "pirate", "wizard", "shadow", "killer", "hunter",
	"ranger", "hacker", "freedom", "liberty", "america", "england", "london", "paris", "berlin",
	"jesus", "jesuschrist", "blessed", "heaven", "trustno", "trustnoone", "fuckyou", "fuckoff",
	"asshole", "bullshit",
	/* names */
	"michael", "jennifer", "jessica", "ashley", "nicole", "daniel", "andrew", "joshua", "matthew",
	"anthony", "william", "robert", "thomas", "charlie", "jordan", "michelle", "amanda", "samantha",
	"elizabeth", "victoria", "alexander", "maggie", "buster", "bailey", "buddy",
	/* long ones */
	"correcthorsebatterystaple", "thequickbrownfox", "maytheforcebewithyou", "tobeornottobe",
	"thisismypassword", "mypasswordis", "passwordpassword", "iloveyouforever", "iloveyousomuch",
	"letmeinplease", "changemeplease", "changemenow", "yourpassword", "nopassword", "notapassword",
	"strongpassword", "securepassword", "supersecret", "superpassword", "adminpassword",
	"rootpassword", "userpassword", "adminadmin",
};

static const char digits[][12] = {
	"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "01", "02", "10", "11", "12", "13",
	"21", "22", "23", "33", "42", "44", "55", "66", "69", "77", "88", "98", "99", "000", "001",
	"007", "100", "101", "111", "123", "222", "321", "333", "360", "420", "456", "555", "666",
	"777", "786", "789", "888", "911", "987", "999", "1111", "1122", "1212", "1234", "1313", "2222",
	"3333", "4321", "4444", "5555", "6666", "6969", "7777", "8888", "9999", "0000", "12345",
	"11111", "54321", "55555", "123123", "111111", "123321", "112233", "123456", "654321",
	"1234567", "7654321", "12345678", "87654321", "123456789", "987654321", "1234567890",
	"0123456789",
};

static const char specials[][6] = {
	"!", "@", "#", "$", "%", "&", "*", ".", ",", "?", "-", "_", "+", "=", "/", ":", ";", " ", "~",
	"!!", "@@", "##", "$$", "**", "..", "??", "--", "__", "!?", "?!", "!@", "@!", "!#", "#!", "!!!",
	"***", "...", "!@#", "#@!", "!@#$", "!@#$%",
};
/* clang-format on */

static bool equals(const uint32_t *text, const char *ascii, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] != (uint8_t)ascii[i])
			return false;
	}
	return true;
}

static bool looks_like(const uint32_t *text, const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!character_looks_like(text[i], (uint8_t)word[i]))
			return false;
	}
	return true;
}

static bool is_year(const uint32_t *text, size_t len)
{
	uint32_t year = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		year = year * 10 + text[i] - '0';
	}
	return len == 4 && year >= FIRST_YEAR && year <= LAST_YEAR;
}

static bool is_digits(const uint32_t *text, size_t len)
{
	for (size_t i = 0; i < LENGTH(digits); i++) {
		if (strlen(digits[i]) == len && equals(text, digits[i], len))
			return true;
	}
	return len == 0 || is_year(text, len);
}

static bool is_specials(const uint32_t *text, size_t len)
{
	for (size_t i = 0; i < LENGTH(specials); i++) {
		if (strlen(specials[i]) == len && equals(text, specials[i], len))
			return true;
	}
	return len == 0;
}

/* The characters from text on that are ASCII digits, or that are not. */
static size_t stretch(const uint32_t *text, size_t left, bool of_digits)
{
	size_t len = 0;

	while (len < left && (text[len] >= '0' && text[len] <= '9') == of_digits)
		len++;
	return len;
}

static bool is_tail(const uint32_t *text, size_t left)
{
	size_t before = stretch(text, left, false);
	size_t number = stretch(text + before, left - before, true);
	size_t behind = left - before - number;

	return is_specials(text, before) && is_digits(text + before, number) &&
	       is_specials(text + before + number, behind);
}

static bool is_word_and_tail(const uint32_t *text, size_t left)
{
	for (size_t i = 0; i < LENGTH(words); i++) {
		size_t len = strlen(words[i]);

		if (len <= left && looks_like(text, words[i], len) &&
		    is_tail(text + len, left - len))
			return true;
	}
	return false;
}

bool common_is(const struct characters *lower)
{
	for (size_t i = 0; i < LENGTH(heads); i++) {
		size_t len = strlen(heads[i]);

		if (len <= lower->count && equals(lower->at, heads[i], len) &&
		    is_word_and_tail(lower->at + len, lower->count - len))
			return true;
	}
	return false;
}
