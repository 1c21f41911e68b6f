/* The model of the ceasefire in C: how fast one thread can play it.
 *
 * It follows the rules of sim/model and what the SimPy engine does with them, rule for rule, and
 * gives the same rows to the last bit. What differs is what a computer is asked to do:
 *   - the clocks stand in a table in the order of simultaneous events, and the least of it is next;
 *     answers and attributions wait in a heap that is one of these clocks;
 *   - the marks of a sector's incidents belong to their number and not to the hour, so they are
 *     drawn many at a time, in loops that the compiler turns into vector instructions;
 *   - what cannot matter is not drawn, and a detection, which sets off nothing but an attribution,
 *     is only counted.
 *
 * Build:  gcc -O3 -march=native -ffp-contract=off -fno-math-errno -fno-trapping-math -std=c11 \
 *             -o reference reference.c -lm
 *         Contraction has to stay off, and nothing like -ffast-math may be on. The other two say
 *         that nobody looks at errno or at floating-point flags; they change no result, and
 *         without them the loops over a block are not vectorised.
 * Usage:  reference NUMBERS SEED FIRST_RUN RUNS [ROWS_FILE]
 *
 * NUMBERS is what `write_numbers` in numbers_file.py writes. One line of JSON goes to stdout: the
 * runs, the events that traces of them would show, and the processor's seconds of playing them.
 * ROWS_FILE gets float64 values: the number of outcome rows, their width, the number of crisis
 * rows, their width; then the outcome rows and the crisis rows, with the columns of
 * sim/engines/rows.py. Not a number stands for what is missing, an index for a word: an outcome, a
 * scope, a status of a step, a decider of the step.
 */

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __AVX2__
#include <immintrin.h>
#endif

#define NEVER INFINITY
#define MISSING NAN

/* ---- Words (sim/model/words.py) ------------------------------------------------------------- */

enum { CONSTANT, EXPONENTIAL, WEIBULL, LOGNORMAL, LOGLOGISTIC, UNIFORM, TRIANGULAR };
enum { FROM_VIOLATION, FROM_DETECTION, FROM_ATTRIBUTION };
enum { INCIDENT, ATTACK };
enum { UNDECIDED, YES, NO };
enum { BY_MEMBERS, BY_WEIGHT };
enum { NOT_CALLED, DECIDING, DEPLOYING, ARMED, IN_FORCE, REFUSED };
enum {
    STATUS_NOT_CALLED,
    STATUS_REFUSED,
    STATUS_STOOD_DOWN,
    STATUS_ON_TIME,
    STATUS_LATE,
    STATUS_OPEN,
    STATUSES
};
enum { HELD, COLLAPSED, RUNAWAY };

/* What draws are for (sim/model/chance.py). */
enum {
    FOR_INCIDENT_WAIT = 1,
    FOR_INCIDENT_LEVEL,
    FOR_STOP,
    FOR_EXPANSION,
    FOR_COLLAPSE,
    FOR_ATTACK_WAIT,
    FOR_ATTACK_SECTOR,
    FOR_DETECTION,
    FOR_DETECTION_DELAY,
    FOR_ATTRIBUTION,
    FOR_ATTRIBUTION_DELAY,
    FOR_ANSWER,
    FOR_ANSWER_DELAY,
    FOR_PARLIAMENT_DELAY,
    FOR_DEPLOYMENT_DELAY,
    FOR_PROVOCATION
};

/* The kinds of events that wait in the heap, among those of sim/model/hours.py. */
enum { ATTRIBUTED = 7, ANSWERS = 8 };

/* ---- The numbers of a scenario (sim/scenario/numbers.py) ------------------------------------ */

typedef struct {
    int family;
    double first, second, third;
} Timing;

typedef struct {
    double share_up_to;
    Timing spell, expand, collapse;
    double detection_probability;
    Timing detection_delay;
    double attribution_probability;
    Timing attribution_delay;
} LevelNumbers;

typedef struct {
    double share;
    Timing arrival;
    uint32_t key;
} SectorNumbers;

typedef struct {
    int counted_by;
    double quorum;
    int members;
    bool is_group;
} DeciderNumbers;

typedef struct {
    int decider;
    double weight, share, yes_probability;
    Timing decision, parliament;
    uint32_t *keys;
} VoterNumbers;

typedef struct {
    int need_level;
    double within_hours;
    int need_sectors;
    double sustained_hours, decide_from_hours, not_before_hours, deadline_hours;
    Timing deploy;
    double effect[4];
    double provoke_probability;
    int deciders, voters;
    DeciderNumbers *decider;
    VoterNumbers *voter;
    uint32_t *keys;
} StepNumbers;

typedef struct {
    int sectors;
    int *sector;
} ScopeNumbers;

typedef struct {
    double horizon_hours;
    int64_t most_violations;
    Timing attack;
    int attack_sectors;
    int64_t threshold_incidents;
    int threshold_level;
    double window_hours, quiet_hours;
    int quiet_level, clock;
    int sectors, levels, scopes, steps;
    SectorNumbers *sector;
    LevelNumbers *level;
    ScopeNumbers *scope;
    StepNumbers *step;
    int lowest_watched_level; /* the lowest that a need or the quiet depends on */
} Numbers;

/* ---- Memory --------------------------------------------------------------------------------- */

static void fail(const char *what) {
    fprintf(stderr, "reference: %s\n", what);
    exit(1);
}

static void *room_for(size_t count, size_t size) {
    void *room = calloc(count ? count : 1, size);
    if (!room) fail("out of memory");
    return room;
}

static void *more_room(void *old, size_t count, size_t size) {
    void *room = realloc(old, count * size);
    if (!room) fail("out of memory");
    return room;
}

/* ---- Arithmetic (sim/model/arithmetic.py) --------------------------------------------------- */

#define LN2_HIGH 0.6931471805598903
#define LN2_LOW 5.497923018708371e-14
#define ONE_OVER_LN2 1.4426950408889634
#define LOG_ROOT_TWO_PI 0.9189385332046728
#define ROOT_TWO_PI 2.5066282746310007
#define TWO_PI 6.283185307179586
#define LN2 0.6931471805599453
#define ROOT_LN2 0.8325546111576978
#define HAZARD_BEYOND 700.0
#define SCORE_OF_A_PARABOLA 1e9
#define HAZARD_OF_A_PARABOLA 1e18
#define SMALLEST_NORMAL 2.2250738585072014e-308
#define BITS_OF_ONE INT64_C(0x3FF0000000000000)
#define BITS_OF_ROOT_HALF INT64_C(0x3FE6A09E667F3BCD)
#define EXPONENT_OF_ONE (INT64_C(1) << 52)

static inline int64_t bits_of(double x) {
    int64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double double_of(int64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline double larger(double a, double b) { return b > a ? b : a; }

static inline double smaller(double a, double b) { return b < a ? b : a; }

static inline double power_of_two(int64_t exponent) {
    return double_of(BITS_OF_ONE + exponent * EXPONENT_OF_ONE);
}

/* The logarithm of a normal number above 0, without a branch. The exponent is counted from one
 * that is never below 0, since not every processor shifts signs along in vectors. */
static inline double log_of_normal(double x, double scale) {
    int64_t bits = bits_of(x);
    int exponent = (int)((uint64_t)(bits - BITS_OF_ROOT_HALF + BITS_OF_ONE) >> 52) - 1023;
    double f = double_of(bits - exponent * EXPONENT_OF_ONE) - 1.0;
    double k = (double)exponent - scale;
    double s = f / (2.0 + f);
    double z = s * s, w = (s * s) * (s * s);
    double even =
        2.0 / 3.0 + w * (2.0 / 7.0 + w * (2.0 / 11.0 + w * (2.0 / 15.0 + w * (2.0 / 19.0))));
    double odd =
        2.0 / 5.0 + w * (2.0 / 9.0 + w * (2.0 / 13.0 + w * (2.0 / 17.0 + w * (2.0 / 21.0))));
    double r = z * (even + z * odd);
    return k * LN2_HIGH + (f - (s * (f - r) - k * LN2_LOW));
}

static double natural_log(double x) {
    if (!(0.0 < x && x < INFINITY)) return x > 0.0 ? x : (x == 0.0 ? -INFINITY : NAN);
    if (x < SMALLEST_NORMAL) return log_of_normal(x * 18014398509481984.0, 54.0);
    return log_of_normal(x, 0.0);
}

static inline double small_exponential(double high, double low) {
    double x = high - low;
    double z = x * x;
    double even = 1.0 / 3628800.0 + z * (1.0 / 479001600.0);
    even = 1.0 / 24.0 + z * (1.0 / 720.0 + z * (1.0 / 40320.0 + z * even));
    double odd = 1.0 / 39916800.0 + z * (1.0 / 6227020800.0);
    odd = 1.0 / 120.0 + z * (1.0 / 5040.0 + z * (1.0 / 362880.0 + z * odd));
    double rest = z * (0.5 + (x * (1.0 / 6.0) + z * (even + x * odd)));
    return high + (rest - low);
}

/* The exponential of a number between -746 and 710, without a branch. */
static inline double exponential_within(double x) {
    double k = floor(x * ONE_OVER_LN2 + 0.5);
    int exponent = (int)k;
    int half = exponent >> 1;
    double fraction = 1.0 + small_exponential(x - k * LN2_HIGH, k * LN2_LOW);
    return fraction * power_of_two(half) * power_of_two(exponent - half);
}

static double exponential(double x) {
    if (!(-746.0 < x && x < 710.0)) return x > 0.0 ? INFINITY : (x < 0.0 ? 0.0 : NAN);
    return exponential_within(x);
}

static double log_one_plus(double x) {
    double u = 1.0 + x;
    if (!(0.0 < u && u < INFINITY)) return natural_log(u);
    return natural_log(u) + (x - (u - 1.0)) / u;
}

/* exp(x) - 1 for a number between -40 and 40, without a branch. */
static inline double exponential_minus_one_within(double x) {
    double k = floor(x * ONE_OVER_LN2 + 0.5);
    double scale = power_of_two((int)k);
    return scale * small_exponential(x - k * LN2_HIGH, k * LN2_LOW) + (scale - 1.0);
}

static double exponential_minus_one(double x) {
    if (!(-40.0 < x && x < 40.0)) return exponential(x) - 1.0;
    return exponential_minus_one_within(x);
}

static double power(double x, double y) {
    if (y == 1.0) return x;
    if (y == 0.0 || x == 1.0) return 1.0;
    return exponential(y * natural_log(x));
}

static double mills_ratio(double z) {
    double above = 3930.323590091473 + z * (422.47729594743475 + z * (29.18712338281613 + z));
    above = 442852.36404014286 + z * (124144.7612225787 + z * (25793.233161042903 + z * above));
    above = 2124982.652489747 + z * (1156736.2462255775 + z * above);
    above = 1451444.4311114256 + z * (2499061.9855821915 + z * above);
    double below = 3959.510713476024 + z * (423.47729594742714 + z * (29.187123382816143 + z));
    below = 467810.6419772239 + z * (128016.71057984451 + z * (26213.710456788765 + z * below));
    below = 2520398.854135845 + z * (1273312.2515818102 + z * below);
    below = 2917981.1981237344 + z * (3444660.4458678523 + z * below);
    return above / (1158085.1024471046 + z * below);
}

static double normal_tail(double z) {
    double split = 134217729.0 * z;
    double high = split - (split - z);
    double low = z - high;
    double square = z * z;
    double rest = ((high * high - square) + 2.0 * high * low) + low * low;
    double density = exponential(-0.5 * square) * (1.0 - 0.5 * rest);
    return density * mills_ratio(z) / ROOT_TWO_PI;
}

static double normal_hazard(double z) {
    if (!(-40.0 < z && z < SCORE_OF_A_PARABOLA))
        return z > 0.0 ? 0.5 * z * z : (z < 0.0 ? 0.0 : NAN);
    if (z < 0.0) return 0.0 - log_one_plus(-normal_tail(-z));
    return 0.5 * z * z + (LOG_ROOT_TWO_PI - natural_log(mills_ratio(z)));
}

static inline double score_of_a_tail(double r) {
    double above = 13512.260187634603 + r * (257.58116777795294 + r * 1.4142158463079555);
    above = 14701064.779857907 + r * (2844384.4904144313 + r * (286159.2540939363 + r * above));
    above = 76653695.02338554 + r * (77047771.91950357 + r * (43390851.41484696 + r * above));
    above = 225967.55678167514 + r * (6048566.863779574 + r * (35686320.27949971 + r * above));
    double below = 9406.645280842082 + r * (181.3062637450635 + r);
    below = 9100561.090139037 + r * (1865040.7748381337 + r * (194911.98560670292 + r * below));
    below = 35254954.39825692 + r * (40735946.30248428 + r * (25001129.310119234 + r * below));
    below = 47900.98547682322 + r * (1782421.2496872458 + r * (13473231.867203774 + r * below));
    return (r - ROOT_LN2) * above / below;
}

static double score_beyond(double hazard) {
    if (hazard > HAZARD_OF_A_PARABOLA) return 2.0 * sqrt(0.5 * hazard);
    double square = 2.0 * hazard - natural_log(2.0 * TWO_PI * hazard);
    double z = sqrt(2.0 * hazard - natural_log(TWO_PI * square) - 2.0 / square);
    double ratio = mills_ratio(z);
    double excess = 0.5 * z * z + (LOG_ROOT_TWO_PI - natural_log(ratio)) - hazard;
    return z - excess * ratio;
}

static double normal_score(double hazard) {
    if (!(hazard > 0.0)) return hazard == 0.0 ? -INFINITY : NAN;
    if (hazard > HAZARD_BEYOND) return score_beyond(hazard);
    if (hazard >= LN2) return score_of_a_tail(sqrt(hazard));
    return -score_of_a_tail(sqrt(-natural_log(-exponential_minus_one(-hazard))));
}

/* The score of a draw's hazard, above 0 and at most 53 ln 2, without a branch. */
static inline double score_of_a_draw(double hazard) {
    bool is_upper = hazard >= LN2;
    double below = is_upper ? LN2 : hazard;
    double tail = is_upper ? hazard : -log_of_normal(-exponential_minus_one_within(-below), 0.0);
    double score = score_of_a_tail(sqrt(tail));
    return is_upper ? score : -score;
}

/* ---- Hours (sim/model/hours.py) ------------------------------------------------------------- */

#define TICKS_PER_HOUR 1073741824.0
#define LONGEST_HOURS 4194304.0

static inline double on_tick(double hours) {
    double ticks = floor(hours * TICKS_PER_HOUR + 0.5) * (1.0 / TICKS_PER_HOUR);
    ticks = hours <= 0.0 ? 0.0 : ticks;
    return hours < LONGEST_HOURS ? ticks : NEVER;
}

static inline uint64_t rank_of(int kind, int place, uint64_t ordinal) {
    return ((uint64_t)kind << 58) | ((uint64_t)place << 48) | ordinal;
}

/* ---- Chance (sim/model/chance.py) ----------------------------------------------------------- */

#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0 0x9E3779B9u
#define WEYL_1 0xBB67AE85u

/* Whose luck it is: the seed is Philox's key, the run is in two words of its counter. */
typedef struct {
    uint32_t key_0, key_1, run_low, run_high;
} Luck;

static inline uint32_t second_word(Luck luck, int purpose, uint32_t ordinal_high) {
    return luck.run_high | (uint32_t)purpose << 8 | ordinal_high << 16;
}

static inline double uniform_of(uint32_t high, uint32_t low) {
    return ((double)(high >> 5) * 67108864.0 + (double)(low >> 6) + 1.0) * 0x1p-53;
}

static inline double chance(Luck luck, int purpose, uint32_t entity, uint64_t ordinal) {
    uint32_t word_0 = luck.run_low, word_2 = entity, word_3 = (uint32_t)ordinal;
    uint32_t word_1 = second_word(luck, purpose, (uint32_t)(ordinal >> 32));
    uint32_t key_0 = luck.key_0, key_1 = luck.key_1;
    for (int round = 0; round < 10; round++) {
        uint64_t product_0 = (uint64_t)MULTIPLIER_0 * word_0;
        uint64_t product_1 = (uint64_t)MULTIPLIER_1 * word_2;
        word_0 = (uint32_t)(product_1 >> 32) ^ word_1 ^ key_0;
        word_2 = (uint32_t)(product_0 >> 32) ^ word_3 ^ key_1;
        word_1 = (uint32_t)product_1;
        word_3 = (uint32_t)product_0;
        key_0 += WEYL_0;
        key_1 += WEYL_1;
    }
    return uniform_of(word_0, word_1);
}

static inline double threshold(Luck luck, int purpose, uint32_t entity, uint64_t ordinal) {
    return 0.0 - log_of_normal(chance(luck, purpose, entity, ordinal), 0.0);
}

static inline uint64_t ordinal_of(int origin, int level, int64_t count) {
    return (uint64_t)origin << 40 | (uint64_t)level << 32 | (uint64_t)count;
}

static inline bool happens(double drawn, double probability) { return drawn <= probability; }

/* ---- Clocks and delays (sim/model/clocks.py) ------------------------------------------------ */

static double integrated_hazard(const Timing *timing, double age_hours) {
    if (age_hours <= 0.0) return 0.0;
    switch (timing->family) {
    case CONSTANT: return age_hours < timing->first ? 0.0 : INFINITY;
    case EXPONENTIAL: return age_hours / timing->first;
    case WEIBULL: return power(age_hours / timing->first, timing->second);
    case LOGNORMAL: return normal_hazard(natural_log(age_hours / timing->first) / timing->second);
    default: return log_one_plus(power(age_hours / timing->first, timing->second));
    }
}

static double age_at_hazard(const Timing *timing, double hazard) {
    double first = timing->first, second = timing->second;
    if (timing->family == CONSTANT) return first;
    if (hazard <= 0.0) return 0.0;
    switch (timing->family) {
    case EXPONENTIAL: return hazard * first;
    case WEIBULL: return first * power(hazard, 1.0 / second);
    case LOGNORMAL: return first * exponential(second * normal_score(hazard));
    default:
        if (hazard > 40.0) return first * exponential(hazard / second);
        return first * power(exponential_minus_one(hazard), 1.0 / second);
    }
}

static double triangular(double low, double mode, double high, double drawn) {
    double width = high - low;
    if (width <= 0.0) return low;
    if (drawn * width <= mode - low) return low + sqrt(drawn * width) * sqrt(mode - low);
    return high - sqrt((1.0 - drawn) * width) * sqrt(high - mode);
}

static double delay_hours(const Timing *timing, double drawn) {
    double first = timing->first, second = timing->second;
    if (timing->family == UNIFORM) return on_tick(first + (second - first) * drawn);
    if (timing->family == TRIANGULAR)
        return on_tick(triangular(first, second, timing->third, drawn));
    return on_tick(age_at_hazard(timing, 0.0 - natural_log(drawn)));
}

/* A clock whose hazard changes while it runs; its hour is kept in the timetable. */
typedef struct {
    const Timing *timing; /* none: it is silent */
    double started_hours, set_hours, left;
} Clock;

static double fires_at_hours(const Clock *clock, double multiplier) {
    const Timing *timing = clock->timing;
    if (!timing || multiplier <= 0.0 || timing->first == INFINITY) return NEVER;
    double spent = integrated_hazard(timing, clock->set_hours - clock->started_hours);
    if (spent == INFINITY) return clock->set_hours;
    double age_hours = age_at_hazard(timing, spent + clock->left / multiplier);
    return larger(clock->set_hours, clock->started_hours + on_tick(age_hours));
}

static double threshold_left(const Clock *clock, double multiplier, double now_hours) {
    if (clock->timing->family == CONSTANT || multiplier <= 0.0) return clock->left;
    double before = integrated_hazard(clock->timing, clock->set_hours - clock->started_hours);
    double after = integrated_hazard(clock->timing, now_hours - clock->started_hours);
    if (before == INFINITY) return clock->left;
    return larger(0.0, clock->left - multiplier * larger(0.0, after - before));
}

/* ---- The timetable of clocks ---------------------------------------------------------------- */

/* When each clock rings, in whole ticks, and its number in the bits below: the least of these is
 * the next event, and of simultaneous ones the clock with the lowest number, which is the one that
 * comes first in their order. A clock that never rings in this run has NO_RING. Where there are
 * many clocks, the least of every group of them is kept. */
typedef struct {
    double horizon_hours;
    int bits, rings, groups; /* there is room for some more, so that there are eights of both */
    uint64_t *ring, *earliest;
} Timetable;

enum { GROUP = 32 };

#define NO_RING UINT64_MAX

static inline int in_eights(int count) { return (count + 7) / 8 * 8; }

static Timetable timetable_of(int clocks, double horizon_hours) {
    Timetable made = {.horizon_hours = horizon_hours, .rings = in_eights(clocks), .groups = 1};
    if (clocks > GROUP) {
        made.groups = in_eights((clocks + GROUP - 1) / GROUP);
        made.rings = made.groups * GROUP;
    }
    while (1 << made.bits < clocks) made.bits++;
    if (horizon_hours * TICKS_PER_HOUR >= ldexp(1.0, 63 - made.bits))
        fail("the run is too long for so many sectors");
    made.ring = room_for((size_t)made.rings, sizeof *made.ring);
    made.earliest = room_for((size_t)made.groups, sizeof *made.earliest);
    return made;
}

static void silence_all(Timetable *all) {
    for (int clock = 0; clock < all->rings; clock++) all->ring[clock] = NO_RING;
    for (int group = 0; group < all->groups; group++) all->earliest[group] = NO_RING;
}

static inline uint64_t least_of(int count, const uint64_t *ring) {
    uint64_t least = NO_RING;
    for (int i = 0; i < count; i++) least = ring[i] < least ? ring[i] : least;
    return least;
}

static inline void put_down(Timetable *all, int clock, uint64_t ring) {
    all->ring[clock] = ring;
    if (all->groups > 1)
        all->earliest[clock / GROUP] = least_of(GROUP, &all->ring[clock / GROUP * GROUP]);
}

static inline uint64_t ring_at(const Timetable *all, int clock, double hours) {
    double kept_hours = smaller(hours, all->horizon_hours);
    uint64_t ticks = (uint64_t)(int64_t)(kept_hours * TICKS_PER_HOUR);
    return hours > kept_hours ? NO_RING : ticks << all->bits | (uint64_t)clock;
}

static inline void set_alarm(Timetable *all, int clock, double hours) {
    put_down(all, clock, ring_at(all, clock, hours));
}

static inline void set_no_later_than(Timetable *all, int clock, double hours) {
    uint64_t ring = ring_at(all, clock, hours);
    if (ring < all->ring[clock]) put_down(all, clock, ring);
}

static inline uint64_t next_ring(const Timetable *all) {
    if (all->groups > 1) return least_of(all->groups, all->earliest);
    return least_of(all->rings, all->ring);
}

/* ---- The heap of attributions and answers --------------------------------------------------- */

typedef struct {
    double hours;
    uint64_t rank;
    union {
        double onset_hours;
        int64_t crisis; /* the crisis that an answer is for */
    } of;
    double detected_hours;
} Notice;

typedef struct {
    Notice *notice;
    int count, room;
} Heap;

static inline bool is_before(const Notice *a, const Notice *b) {
    return a->hours < b->hours || (a->hours == b->hours && a->rank < b->rank);
}

static void push(Heap *heap, Notice one) {
    if (heap->count == heap->room) {
        heap->room = heap->room ? 2 * heap->room : 64;
        heap->notice = more_room(heap->notice, (size_t)heap->room, sizeof *heap->notice);
    }
    int place = heap->count++;
    while (place > 0 && is_before(&one, &heap->notice[(place - 1) / 2])) {
        heap->notice[place] = heap->notice[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    heap->notice[place] = one;
}

static Notice pop(Heap *heap) {
    Notice *notice = heap->notice, first = notice[0], last = notice[--heap->count];
    int place = 0, child = 1;
    while (child < heap->count) {
        if (child + 1 < heap->count && is_before(&notice[child + 1], &notice[child])) child++;
        if (!is_before(&notice[child], &last)) break;
        notice[place] = notice[child];
        place = child;
        child = 2 * place + 1;
    }
    notice[place] = last;
    return first;
}

/* ---- What a run consists of ----------------------------------------------------------------- */

enum { STOP, EXPAND, COLLAPSE, ARRIVE, HAZARDS };

enum { BLOCK = 64 }; /* so many incidents of a sector are drawn at once */

/* What belongs to incidents by their number alone. */
typedef struct {
    double left[HAZARDS][BLOCK], hours[HAZARDS][BLOCK]; /* the hours under a multiplier of 1 */
    double detection_hours[BLOCK], attribution_hours[BLOCK]; /* never, if it is not seen */
    int level[BLOCK];
} Incidents;

typedef struct {
    int index, ladder, place_in_scope;
    const SectorNumbers *numbers;
    int level, origin;
    int64_t count; /* of the violation that the spell is due to */
    int64_t incidents;
    double level_since_hours;
    Clock clock[HAZARDS];
    Incidents incident;
} Sector;

/* Since when, and until when, a sector has fought at the level that a step needs. */
typedef struct {
    bool fights;
    double since_hours, until_hours;
} Fought;

typedef struct {
    int stands, yes, no;
    double yes_share, no_share;
} Vote;

typedef struct {
    const StepNumbers *numbers;
    Fought *fought; /* by the sector's place in the scope */
    int state;
    bool promises;
    double call_from_hours, due_hours;
    double called_hours, decided_hours, deployed_hours, in_force_hours, ready_hours;
    double effect_share;
    int last_decider;
    Vote *vote;
    bool *said_yes;
} Step;

typedef struct {
    int sector, level;
    double onset_hours, detected_hours, attributed_hours;
} Violation;

typedef struct {
    int index;
    const ScopeNumbers *scope;
    Step *step;
    double multiplier[HAZARDS];
    double last_close_hours, fought_until_hours;
    Violation *heard; /* those that count, from the first to behind the last */
    int heard_first, heard_behind, heard_room;
    /* The open crisis. */
    bool is_open;
    int64_t number;
    int opening_sector;
    uint64_t opening_ordinal;
    double opened_hours, clock_hours, first_detected_hours;
    int highest_level;
} Ladder;

typedef struct {
    double *value;
    size_t count, room, width;
} Table;

/* What is counted of a step in a run. */
typedef struct {
    int64_t by_status[STATUSES];
    double first_hours, delays_sum;
    int64_t delays;
} StepCounts;

typedef struct {
    const Numbers *numbers;
    Luck luck;
    double now;
    Timetable clocks;
    Heap heap;
    Sector *sector;
    Ladder *ladder;
    int attack_leaf, notice_leaf, look_leaf, deadline_leaf, quiet_leaf, horizon_leaf;
    int64_t attacks;
    Clock attack_clock;
    double *attack_place;
    int *attack_order;
    /* The record. */
    int64_t events, incidents, crises, promises_kept, promises_broken;
    double first_incident_hours, first_crisis_hours;
    int highest_level, fighting_sectors;
    double fighting_hours, fighting_since_hours, *level_hours;
    StepCounts *step_counts;
    /* The hours of the detections; those of the present hour that are known to be over. */
    double *detected_hours, looked_hours;
    size_t detections, detections_room, detections_looked;
    Table outcomes, crises_table;
} Line;

static inline int leaf_of(const Line *line, int hazard, int sector) {
    return hazard * line->numbers->sectors + sector + (hazard == ARRIVE);
}

static inline void count_event(Line *line) { line->events++; }

/* ---- Drawing a block of incidents ----------------------------------------------------------- */

enum { LANES = 8 }; /* loops over a block are cut to multiples of this */

static inline int padded(int count) { return (count + LANES - 1) / LANES * LANES; }

/* Several words of Philox, each in the lower half of its lane; the upper halves do not matter. */
#if defined(__AVX512F__)
enum { WORDS = 8 };
#elif defined(__AVX2__)
enum { WORDS = 4 };
#else
enum { WORDS = 2 };
#endif
typedef uint64_t Words __attribute__((vector_size(8 * WORDS)));

static inline Words product_of(Words words, uint32_t multiplier) {
#if defined(__AVX512F__)
    return (Words)_mm512_mul_epu32((__m512i)words, _mm512_set1_epi64(multiplier));
#elif defined(__AVX2__)
    return (Words)_mm256_mul_epu32((__m256i)words, _mm256_set1_epi64x(multiplier));
#else
    return (words & 0xffffffff) * multiplier;
#endif
}

/* The first `count` draws for a purpose, by ordinals given in two halves: as `chance` does it. */
static void draw_chances(Luck luck, int purpose, uint32_t entity, int count,
                         const uint32_t *ordinal_high, const uint32_t *ordinal_low,
                         double *restrict drawn) {
    uint64_t high[BLOCK], low[BLOCK];
    for (int i = 0; i < count; i += WORDS) {
        Words word_0 = (Words){0} + luck.run_low, word_1, word_2 = (Words){0} + entity, word_3;
        for (int lane = 0; lane < WORDS; lane++) {
            word_1[lane] = second_word(luck, purpose, ordinal_high[i + lane]);
            word_3[lane] = ordinal_low[i + lane];
        }
        uint32_t key_0 = luck.key_0, key_1 = luck.key_1;
        for (int round = 0; round < 10; round++) {
            Words product_0 = product_of(word_0, MULTIPLIER_0);
            Words product_1 = product_of(word_2, MULTIPLIER_1);
            word_0 = product_1 >> 32 ^ word_1 ^ key_0;
            word_2 = product_0 >> 32 ^ word_3 ^ key_1;
            word_1 = product_1;
            word_3 = product_0;
            key_0 += WEYL_0;
            key_1 += WEYL_1;
        }
        memcpy(&high[i], &word_0, sizeof word_0);
        memcpy(&low[i], &word_1, sizeof word_1);
    }
    for (int i = 0; i < padded(count); i++)
        drawn[i] = uniform_of((uint32_t)high[i], (uint32_t)low[i]);
}

static void thresholds_of(int count, const double *restrict drawn, double *restrict left) {
    for (int i = 0; i < padded(count); i++) left[i] = 0.0 - log_of_normal(drawn[i], 0.0);
}

static void ages_of_exponentials(int count, double mean_hours, const double *restrict hazard,
                                 double *restrict hours) {
    for (int i = 0; i < padded(count); i++) hours[i] = on_tick(hazard[i] * mean_hours);
}

static void ages_of_lognormals(int count, const double *restrict median_hours,
                               const double *restrict log_sd, const double *restrict hazard,
                               double *restrict hours) {
    for (int i = 0; i < padded(count); i++) {
        bool is_above_0 = hazard[i] > 0.0;
        double log_factor = log_sd[i] * score_of_a_draw(is_above_0 ? hazard[i] : LN2);
        bool is_within = log_factor > -746.0 && log_factor < 710.0;
        double factor = exponential_within(is_within ? log_factor : 0.0);
        double beyond = log_factor > 0.0 ? INFINITY : 0.0;
        double age_hours = median_hours[i] * (is_within ? factor : beyond);
        hours[i] = on_tick(is_above_0 ? age_hours : 0.0);
    }
}

/* Delays of any families, and the thresholds that their draws are. */
static void delays_of(int count, const Timing *const *timing, const double *drawn, double *hazard,
                      double *hours) {
    double first[BLOCK], second[BLOCK];
    int lognormals = 0;
    for (int i = 0; i < padded(count); i++) {
        const Timing *its = timing[i < count ? i : 0];
        first[i] = its->first;
        second[i] = its->second;
        lognormals += i < count && its->family == LOGNORMAL;
    }
    thresholds_of(count, drawn, hazard);
    if (lognormals) ages_of_lognormals(count, first, second, hazard, hours);
    for (int i = 0; lognormals < count && i < count; i++)
        if (timing[i]->family != LOGNORMAL) hours[i] = delay_hours(timing[i], drawn[i]);
}

static inline int level_drawn(const Numbers *numbers, double drawn) {
    int level = 1;
    while (drawn > numbers->level[level].share_up_to) level++;
    return level;
}

/* When each incident of a block that is seen will be detected and attributed. */
static void draw_what_is_seen(const Line *line, const Sector *sector, Incidents *made,
                              const uint32_t *ordinal_high, const uint32_t *ordinal_low) {
    const LevelNumbers *level = line->numbers->level;
    uint32_t key = sector->numbers->key, high[BLOCK], low[BLOCK];
    double drawn[BLOCK], hazard[BLOCK], hours[BLOCK];
    const Timing *timing[BLOCK];
    int which[BLOCK], seen = 0, attributed = 0;

    draw_chances(line->luck, FOR_DETECTION, key, BLOCK, ordinal_high, ordinal_low, drawn);
    for (int i = 0; i < BLOCK; i++) {
        which[seen] = i;
        seen += happens(drawn[i], level[made->level[i]].detection_probability);
        made->detection_hours[i] = made->attribution_hours[i] = NEVER;
    }
    for (int i = 0; i < padded(seen); i++) {
        int its = which[i < seen ? i : 0];
        high[i] = ordinal_high[its];
        low[i] = ordinal_low[its];
        timing[i] = &level[made->level[its]].detection_delay;
    }
    draw_chances(line->luck, FOR_DETECTION_DELAY, key, seen, high, low, drawn);
    delays_of(seen, timing, drawn, hazard, hours);
    for (int i = 0; i < seen; i++) made->detection_hours[which[i]] = hours[i];

    draw_chances(line->luck, FOR_ATTRIBUTION, key, seen, high, low, drawn);
    for (int i = 0; i < seen; i++) {
        int its = which[i];
        which[attributed] = its;
        attributed += happens(drawn[i], level[made->level[its]].attribution_probability);
    }
    for (int i = 0; i < padded(attributed); i++) {
        int its = which[i < attributed ? i : 0];
        high[i] = ordinal_high[its];
        low[i] = ordinal_low[its];
        timing[i] = &level[made->level[its]].attribution_delay;
    }
    draw_chances(line->luck, FOR_ATTRIBUTION_DELAY, key, attributed, high, low, drawn);
    delays_of(attributed, timing, drawn, hazard, hours);
    for (int i = 0; i < attributed; i++) made->attribution_hours[which[i]] = hours[i];
}

static inline const Timing *timing_of(const LevelNumbers *level, int hazard) {
    return hazard == STOP ? &level->spell : (hazard == EXPAND ? &level->expand : &level->collapse);
}

/* The thresholds at which a spell that an incident starts expands or collapses, where it can. */
static void draw_rare_thresholds(const Line *line, const Sector *sector, Incidents *made,
                                 int hazard, int purpose, const uint32_t *ordinal_high,
                                 const uint32_t *ordinal_low) {
    uint32_t high[BLOCK], low[BLOCK];
    double drawn[BLOCK], left[BLOCK], first[BLOCK];
    int which[BLOCK], count = 0;
    for (int i = 0; i < BLOCK; i++) {
        const Timing *timing = timing_of(&line->numbers->level[made->level[i]], hazard);
        made->left[hazard][i] = 0.0;
        made->hours[hazard][i] = NEVER;
        which[count] = i;
        first[count] = timing->first;
        count += timing->first < NEVER;
    }
    for (int i = 0; i < padded(count); i++) {
        int its = which[i < count ? i : 0];
        high[i] = ordinal_high[its];
        low[i] = ordinal_low[its];
    }
    draw_chances(line->luck, purpose, sector->numbers->key, count, high, low, drawn);
    thresholds_of(count, drawn, left);
    for (int i = 0; i < count; i++) {
        made->left[hazard][which[i]] = left[i];
        made->hours[hazard][which[i]] = on_tick(left[i] * first[i]);
    }
}

/* Draw all that belongs to the sector's next incidents. */
static void draw_incidents(const Line *line, Sector *sector) {
    Incidents *made = &sector->incident;
    uint32_t key = sector->numbers->key, high[BLOCK], low[BLOCK];
    double drawn[BLOCK];
    const Timing *timing[BLOCK];

    for (int i = 0; i < BLOCK; i++) {
        high[i] = 0;
        low[i] = (uint32_t)(sector->incidents + i);
    }
    draw_chances(line->luck, FOR_INCIDENT_WAIT, key, BLOCK, high, low, drawn);
    thresholds_of(BLOCK, drawn, made->left[ARRIVE]);
    ages_of_exponentials(BLOCK, sector->numbers->arrival.first, made->left[ARRIVE],
                         made->hours[ARRIVE]);
    draw_chances(line->luck, FOR_INCIDENT_LEVEL, key, BLOCK, high, low, drawn);
    for (int i = 0; i < BLOCK; i++) {
        made->level[i] = level_drawn(line->numbers, drawn[i]);
        high[i] = (uint32_t)(ordinal_of(INCIDENT, made->level[i], 0) >> 32);
        timing[i] = &line->numbers->level[made->level[i]].spell;
    }
    draw_chances(line->luck, FOR_STOP, key, BLOCK, high, low, drawn);
    delays_of(BLOCK, timing, drawn, made->left[STOP], made->hours[STOP]);
    draw_rare_thresholds(line, sector, made, EXPAND, FOR_EXPANSION, high, low);
    draw_rare_thresholds(line, sector, made, COLLAPSE, FOR_COLLAPSE, high, low);
    draw_what_is_seen(line, sector, made, high, low);
}

/* ---- What is seen (monitoring.py) ----------------------------------------------------------- */

static inline void note_detection(Line *line, double detected_hours) {
    if (line->detections == line->detections_room) {
        line->detections_room = line->detections_room ? 2 * line->detections_room : 1024;
        line->detected_hours =
            more_room(line->detected_hours, line->detections_room, sizeof *line->detected_hours);
    }
    line->detected_hours[line->detections] = detected_hours;
    line->detections += detected_hours <= line->numbers->horizon_hours;
}

/* After looks and closings nothing of this hour remains to be detected that began before them. */
static void remember_detections(Line *line) {
    line->looked_hours = line->now;
    line->detections_looked = line->detections;
}

/* The detections that happened before the run ended. */
static int64_t detections_until_the_end(const Line *line, int outcome) {
    if (outcome == HELD) return (int64_t)line->detections;
    int64_t happened = 0;
    for (size_t i = 0; i < line->detections; i++) {
        double hours = line->detected_hours[i];
        bool was_looked_at = i < line->detections_looked && line->looked_hours == line->now;
        happened += hours < line->now || (hours == line->now && was_looked_at);
    }
    return happened;
}

/* See a violation that begins now after these delays, which may be for ever. */
static inline void will_be_seen(Line *line, const Sector *sector, uint64_t ordinal,
                                double detection_hours, double attribution_hours) {
    double detected = line->now + detection_hours, attributed = detected + attribution_hours;
    note_detection(line, detected);
    if (attributed > line->numbers->horizon_hours) return;
    push(&line->heap, (Notice){.hours = attributed,
                               .rank = rank_of(ATTRIBUTED, sector->index, ordinal),
                               .of.onset_hours = line->now,
                               .detected_hours = detected});
    set_alarm(&line->clocks, line->notice_leaf, line->heap.notice[0].hours);
}

static void look_at(Line *line, const Sector *sector, int level, uint64_t ordinal) {
    const LevelNumbers *numbers = &line->numbers->level[level];
    uint32_t key = sector->numbers->key;
    Luck luck = line->luck;
    if (!happens(chance(luck, FOR_DETECTION, key, ordinal), numbers->detection_probability)) return;
    double detection =
        delay_hours(&numbers->detection_delay, chance(luck, FOR_DETECTION_DELAY, key, ordinal));
    double attribution = NEVER;
    if (happens(chance(luck, FOR_ATTRIBUTION, key, ordinal), numbers->attribution_probability))
        attribution = delay_hours(&numbers->attribution_delay,
                                  chance(luck, FOR_ATTRIBUTION_DELAY, key, ordinal));
    will_be_seen(line, sector, ordinal, detection, attribution);
}

/* ---- Needs (needs.py, sim/model/steps.py) --------------------------------------------------- */

static void needs_change(Line *line, Ladder *ladder, const Sector *sector, int before) {
    for (int index = 0; index < line->numbers->steps; index++) {
        const StepNumbers *step = &line->numbers->step[index];
        Fought *fought = &ladder->step[index].fought[sector->place_in_scope];
        int needed = step->need_level;
        if (before < needed && needed <= sector->level) {
            if (!(line->now <= fought->until_hours + step->within_hours))
                fought->since_hours = line->now;
            fought->fights = true;
        } else if (sector->level < needed && needed <= before) {
            fought->fights = false;
            fought->until_hours = line->now;
        }
    }
}

static bool need_is_met(const Line *line, const Ladder *ladder, const Step *step) {
    const StepNumbers *numbers = step->numbers;
    if (numbers->need_level == 0) return true;
    int in_need = 0;
    for (int place = 0; place < ladder->scope->sectors; place++) {
        const Fought *fought = &step->fought[place];
        bool lately =
            fought->fights || line->now <= fought->until_hours + numbers->within_hours;
        in_need += lately && line->now >= fought->since_hours + numbers->sustained_hours;
    }
    return in_need >= numbers->need_sectors;
}

static double long_enough_at_hours(const Line *line, const Ladder *ladder, const Step *step) {
    double earliest = NEVER;
    for (int place = 0; place < ladder->scope->sectors; place++) {
        double reached = step->fought[place].since_hours + step->numbers->sustained_hours;
        if (reached > line->now) earliest = smaller(earliest, reached);
    }
    return earliest;
}

/* ---- The ladder's clocks (ladder.py) -------------------------------------------------------- */

static int highest_level_now(const Line *line, const Ladder *ladder) {
    int highest = 0;
    for (int place = 0; place < ladder->scope->sectors; place++) {
        int level = line->sector[ladder->scope->sector[place]].level;
        if (level > highest) highest = level;
    }
    return highest;
}

static void look_by(Line *line, const Ladder *ladder, double hours) {
    set_no_later_than(&line->clocks, line->look_leaf + ladder->index, hours);
}

static void watch_for_quiet(Line *line, const Ladder *ladder) {
    double closes = NEVER;
    if (highest_level_now(line, ladder) < line->numbers->quiet_level)
        closes = larger(ladder->opened_hours, ladder->fought_until_hours) +
                 line->numbers->quiet_hours;
    set_alarm(&line->clocks, line->quiet_leaf + ladder->index, closes);
}

static void fighting_changed(Line *line, Sector *sector, int before) {
    Ladder *ladder = &line->ladder[sector->ladder];
    int highest = before > sector->level ? before : sector->level;
    if (highest >= line->numbers->lowest_watched_level) {
        int quiet_level = line->numbers->quiet_level;
        needs_change(line, ladder, sector, before);
        if (sector->level < quiet_level && quiet_level <= before)
            ladder->fought_until_hours = line->now;
    }
    if (ladder->is_open) {
        if (sector->level > ladder->highest_level) ladder->highest_level = sector->level;
        set_alarm(&line->clocks, line->look_leaf + ladder->index, line->now);
        watch_for_quiet(line, ladder);
    }
}

/* ---- Sectors and their spells (sector.py) --------------------------------------------------- */

static void record_level(Line *line, Sector *sector, int before, int level) {
    double now = line->now;
    bool fought = line->fighting_sectors > 0;
    line->level_hours[before] += now - sector->level_since_hours;
    sector->level_since_hours = now;
    if (level > line->highest_level) line->highest_level = level;
    line->fighting_sectors += (level > 0) - (before > 0);
    if ((line->fighting_sectors > 0) != fought) {
        if (fought) line->fighting_hours += now - line->fighting_since_hours;
        line->fighting_since_hours = now;
    }
}

static void change_level(Line *line, Sector *sector, int level) {
    int before = sector->level;
    sector->level = level;
    record_level(line, sector, before, level);
    fighting_changed(line, sector, before);
}

static inline double multiplier_of(const Line *line, const Sector *sector, int hazard) {
    return line->ladder[sector->ladder].multiplier[hazard];
}

/* Start a clock at its incident's threshold, at which its age is known for a multiplier of 1. */
static inline void start_known(Line *line, Sector *sector, int hazard, const Timing *timing,
                               int mark) {
    Clock *clock = &sector->clock[hazard];
    double multiplier = multiplier_of(line, sector, hazard);
    *clock = (Clock){timing, line->now, line->now, sector->incident.left[hazard][mark]};
    double fires = line->now + sector->incident.hours[hazard][mark];
    if (multiplier != 1.0) fires = fires_at_hours(clock, multiplier);
    set_alarm(&line->clocks, leaf_of(line, hazard, sector->index), fires);
}

static void start_drawn(Line *line, Sector *sector, int hazard, const Timing *timing,
                        uint64_t ordinal) {
    static const int purpose[] = {FOR_STOP, FOR_EXPANSION, FOR_COLLAPSE};
    Clock *clock = &sector->clock[hazard];
    double left = threshold(line->luck, purpose[hazard], sector->numbers->key, ordinal);
    *clock = (Clock){timing, line->now, line->now, left};
    double fires = fires_at_hours(clock, multiplier_of(line, sector, hazard));
    set_alarm(&line->clocks, leaf_of(line, hazard, sector->index), fires);
}

static void fall_silent(Line *line, Sector *sector, int hazard) {
    sector->clock[hazard].timing = NULL;
    put_down(&line->clocks, leaf_of(line, hazard, sector->index), NO_RING);
}

/* Fight at a higher level from now on; `mark` is the incident's place in its block, or below 0. */
static void rise(Line *line, Sector *sector, int level, int origin, int64_t count, int mark) {
    const LevelNumbers *numbers = &line->numbers->level[level];
    count_event(line);
    sector->origin = origin;
    sector->count = count;
    for (int hazard = STOP; hazard <= COLLAPSE; hazard++) {
        const Timing *timing = timing_of(numbers, hazard);
        if (mark >= 0)
            start_known(line, sector, hazard, timing, mark);
        else
            start_drawn(line, sector, hazard, timing, ordinal_of(origin, level, count));
    }
    change_level(line, sector, level);
}

static void expand(Line *line, Sector *sector) {
    int last = line->numbers->levels - 1;
    int level = sector->level < last ? sector->level + 1 : last;
    rise(line, sector, level, sector->origin, sector->count, -1);
    look_at(line, sector, level, ordinal_of(sector->origin, level, sector->count));
}

static void await_incident(Line *line, Sector *sector) {
    int mark = (int)(sector->incidents % BLOCK);
    if (mark == 0) draw_incidents(line, sector);
    start_known(line, sector, ARRIVE, &sector->numbers->arrival, mark);
}

static inline bool is_runaway(const Line *line) {
    return line->incidents + line->attacks >= line->numbers->most_violations;
}

static void incident_occurs(Line *line, Sector *sector) {
    Incidents *incident = &sector->incident;
    int mark = (int)(sector->incidents % BLOCK), level = incident->level[mark];
    count_event(line);
    if (line->incidents++ == 0) line->first_incident_hours = line->now;
    if (is_runaway(line)) return;
    if (level > sector->level) rise(line, sector, level, INCIDENT, sector->incidents, mark);
    will_be_seen(line, sector, ordinal_of(INCIDENT, level, sector->incidents),
                 incident->detection_hours[mark], incident->attribution_hours[mark]);
    sector->incidents++;
    await_incident(line, sector);
}

static void spell_stops(Line *line, Sector *sector) {
    count_event(line);
    for (int hazard = STOP; hazard <= COLLAPSE; hazard++) fall_silent(line, sector, hazard);
    change_level(line, sector, 0);
}

/* ---- Attacks (line.py) ---------------------------------------------------------------------- */

static void await_attack(Line *line) {
    const Timing *timing = &line->numbers->attack;
    if (timing->first == INFINITY) return;
    double left = threshold(line->luck, FOR_ATTACK_WAIT, 0, (uint64_t)line->attacks);
    line->attack_clock = (Clock){timing, line->now, line->now, left};
    set_alarm(&line->clocks, line->attack_leaf, fires_at_hours(&line->attack_clock, 1.0));
}

/* Put the sectors into the attack's order; of equals the first in the scenario goes first. */
static void order_targets(Line *line) {
    for (int index = 0; index < line->numbers->sectors; index++) {
        const SectorNumbers *sector = &line->numbers->sector[index];
        double place = NEVER;
        if (sector->share > 0.0)
            place = threshold(line->luck, FOR_ATTACK_SECTOR, sector->key, (uint64_t)line->attacks) /
                    sector->share;
        int behind = index;
        for (; behind > 0 && place < line->attack_place[behind - 1]; behind--) {
            line->attack_place[behind] = line->attack_place[behind - 1];
            line->attack_order[behind] = line->attack_order[behind - 1];
        }
        line->attack_place[behind] = place;
        line->attack_order[behind] = index;
    }
}

static void attack(Line *line) {
    int last = line->numbers->levels - 1;
    int64_t count = line->attacks;
    count_event(line);
    order_targets(line);
    line->attacks++;
    if (is_runaway(line)) return;
    for (int target = 0; target < line->numbers->sectors; target++) {
        if (target >= line->numbers->attack_sectors) break;
        Sector *sector = &line->sector[line->attack_order[target]];
        if (last > sector->level) rise(line, sector, last, ATTACK, count, -1);
        look_at(line, sector, last, ordinal_of(ATTACK, last, count));
    }
    await_attack(line);
}

/* ---- Effects of the steps in force ---------------------------------------------------------- */

static void rescale(Line *line, Ladder *ladder, int hazard, double multiplier) {
    double before = ladder->multiplier[hazard];
    if (multiplier == before) return;
    ladder->multiplier[hazard] = multiplier;
    for (int place = 0; place < ladder->scope->sectors; place++) {
        Sector *sector = &line->sector[ladder->scope->sector[place]];
        Clock *clock = &sector->clock[hazard];
        if (!clock->timing) continue;
        clock->left = threshold_left(clock, before, line->now);
        clock->set_hours = line->now;
        set_alarm(&line->clocks, leaf_of(line, hazard, sector->index),
                  fires_at_hours(clock, multiplier));
    }
}

static void rescale_the_fighting(Line *line, Ladder *ladder) {
    for (int hazard = 0; hazard < HAZARDS; hazard++) {
        double product = 1.0;
        for (int index = 0; ladder->is_open && index < line->numbers->steps; index++) {
            const Step *step = &ladder->step[index];
            if (step->state == IN_FORCE)
                product *= 1.0 + (step->numbers->effect[hazard] - 1.0) * step->effect_share;
        }
        rescale(line, ladder, hazard, product);
    }
}

/* ---- Deciding (deciding.py, sim/model/votes.py) --------------------------------------------- */

#define ROUNDING 1e-9

static int vote_stands(int counted_by, double quorum, int members, int yes, int no,
                       double yes_share, double no_share) {
    bool reached = yes >= quorum, lost = members - no < quorum;
    if (counted_by == BY_WEIGHT) {
        reached = yes_share > 0.0 && yes_share + ROUNDING >= quorum;
        lost = 1.0 - no_share + ROUNDING < quorum;
    }
    if (reached) return YES;
    return lost || (members > 0 && yes + no >= members) ? NO : UNDECIDED;
}

static double chance_in_crisis(const Line *line, const Ladder *ladder, int purpose,
                               const uint32_t *keys) {
    return chance(line->luck, purpose, keys[ladder->opening_sector], ladder->opening_ordinal);
}

static double delay_in_crisis(const Line *line, const Ladder *ladder, const Timing *timing,
                              int purpose, const uint32_t *keys) {
    if (timing->family == CONSTANT) return on_tick(timing->first);
    return delay_hours(timing, chance_in_crisis(line, ladder, purpose, keys));
}

static double share_behind(const Step *step) {
    double yes_weight = 0.0, total_weight = 0.0;
    for (int index = 0; index < step->numbers->voters; index++) {
        double weight = step->numbers->voter[index].weight;
        total_weight += weight;
        yes_weight += step->said_yes[index] ? weight : 0.0;
    }
    return total_weight > 0.0 ? yes_weight / total_weight : 1.0;
}

static void step_is_decided(Line *line, const Ladder *ladder, Step *step) {
    const StepNumbers *numbers = step->numbers;
    count_event(line);
    step->state = DEPLOYING;
    step->decided_hours = line->now;
    step->deployed_hours = line->now + delay_in_crisis(line, ladder, &numbers->deploy,
                                                       FOR_DEPLOYMENT_DELAY, numbers->keys);
    step->ready_hours =
        larger(step->deployed_hours, ladder->clock_hours + numbers->not_before_hours);
    look_by(line, ladder, step->ready_hours);
}

/* See whether the step is decided by now. */
static void count_votes(Line *line, const Ladder *ladder, Step *step) {
    int deciders = step->numbers->deciders, yes = 0, no = 0;
    for (int index = 0; index < deciders; index++) {
        yes += step->vote[index].stands == YES;
        no += step->vote[index].stands == NO;
    }
    int stands = vote_stands(BY_MEMBERS, deciders, deciders, yes, no, 0.0, 0.0);
    if (step->state != DECIDING) return;
    if (stands == YES) step_is_decided(line, ladder, step);
    if (stands == NO) {
        count_event(line);
        step->state = REFUSED;
    }
}

/* Ask everybody; a step without deciders is decided at once. */
static void call(Line *line, const Ladder *ladder, Step *step) {
    const StepNumbers *numbers = step->numbers;
    uint64_t index = (uint64_t)(step - ladder->step);
    count_event(line);
    step->called_hours = line->now;
    for (int place = 0; place < numbers->deciders; place++) step->vote[place] = (Vote){0};
    for (int place = 0; place < numbers->voters; place++) {
        const VoterNumbers *voter = &numbers->voter[place];
        double hours =
            line->now +
            delay_in_crisis(line, ladder, &voter->decision, FOR_ANSWER_DELAY, voter->keys) +
            delay_in_crisis(line, ladder, &voter->parliament, FOR_PARLIAMENT_DELAY, voter->keys);
        step->said_yes[place] = false;
        if (hours > line->numbers->horizon_hours) continue;
        uint64_t rank = rank_of(ANSWERS, ladder->index, index << 32 | (uint64_t)place);
        push(&line->heap, (Notice){.hours = hours, .rank = rank, .of.crisis = ladder->number});
    }
    if (line->heap.count)
        set_alarm(&line->clocks, line->notice_leaf, line->heap.notice[0].hours);
    count_votes(line, ladder, step);
}

static bool is_under_way(const Step *step) {
    return step->state == DECIDING || step->state == DEPLOYING || step->state == ARMED;
}

static void answers(Line *line, const Notice *notice) {
    const Ladder *ladder = &line->ladder[notice->rank >> 48 & 0x3ff];
    Step *step = &ladder->step[notice->rank >> 32 & 0xffff];
    int index = (int)(notice->rank & 0xffffffff);
    if (!ladder->is_open || ladder->number != notice->of.crisis || !is_under_way(step)) return;

    const VoterNumbers *voter = &step->numbers->voter[index];
    const DeciderNumbers *decider = &step->numbers->decider[voter->decider];
    Vote *vote = &step->vote[voter->decider];
    double drawn = chance_in_crisis(line, ladder, FOR_ANSWER, voter->keys);
    bool says_yes = happens(drawn, voter->yes_probability);
    step->said_yes[index] = says_yes;
    line->events += decider->is_group;
    if (says_yes) {
        vote->yes++;
        vote->yes_share += voter->share;
    } else {
        vote->no++;
        vote->no_share += voter->share;
    }
    if (vote->stands != UNDECIDED) return;
    vote->stands = vote_stands(decider->counted_by, decider->quorum, decider->members, vote->yes,
                               vote->no, vote->yes_share, vote->no_share);
    if (vote->stands == UNDECIDED) return;
    count_event(line);
    step->last_decider = voter->decider;
    count_votes(line, ladder, step);
}

/* ---- Steps (step.py) ------------------------------------------------------------------------ */

/* Raise the hardest fighting in the scope by one level, if there is such a level. */
static void provoke(Line *line, const Ladder *ladder) {
    Sector *hardest = &line->sector[ladder->scope->sector[0]];
    for (int place = 1; place < ladder->scope->sectors; place++) {
        Sector *sector = &line->sector[ladder->scope->sector[place]];
        if (sector->level > hardest->level) hardest = sector;
    }
    if (hardest->level == 0 || hardest->level == line->numbers->levels - 1) return;
    count_event(line);
    expand(line, hardest);
}

static void come_into_force(Line *line, Ladder *ladder, Step *step) {
    const StepNumbers *numbers = step->numbers;
    step->in_force_hours = line->now;
    step->effect_share = share_behind(step);
    rescale_the_fighting(line, ladder);
    if (numbers->provoke_probability > 0.0 &&
        happens(chance_in_crisis(line, ladder, FOR_PROVOCATION, numbers->keys),
                numbers->provoke_probability))
        provoke(line, ladder);
}

static void review(Line *line, Ladder *ladder, Step *step) {
    if (step->state == NOT_CALLED) {
        if (line->now < step->call_from_hours || !need_is_met(line, ladder, step)) return;
        step->state = DECIDING;
        call(line, ladder, step);
    } else if (step->state == ARMED ||
               (step->state == DEPLOYING && line->now >= step->ready_hours)) {
        int state = need_is_met(line, ladder, step) ? IN_FORCE : ARMED;
        if (state == step->state) return;
        step->state = state;
        count_event(line);
        if (state == IN_FORCE) come_into_force(line, ladder, step);
    }
}

/* When time alone may move a step on. */
static double next_look_hours(const Line *line, const Ladder *ladder, const Step *step) {
    if (step->state == DEPLOYING) return step->ready_hours;
    if (step->state == NOT_CALLED && line->now < step->call_from_hours)
        return step->call_from_hours;
    if (step->state == NOT_CALLED || step->state == ARMED)
        return long_enough_at_hours(line, ladder, step);
    return NEVER;
}

static void climb(Line *line, Ladder *ladder) {
    int steps = line->numbers->steps;
    remember_detections(line);
    set_alarm(&line->clocks, line->look_leaf + ladder->index, NEVER);
    for (int index = 0; index < steps; index++) review(line, ladder, &ladder->step[index]);
    for (int index = 0; index < steps; index++)
        look_by(line, ladder, next_look_hours(line, ladder, &ladder->step[index]));
}

/* ---- Promises ------------------------------------------------------------------------------- */

static void await_deadline(Line *line, const Ladder *ladder) {
    double due = NEVER;
    for (int index = 0; index < line->numbers->steps; index++)
        if (ladder->step[index].promises) due = smaller(due, ladder->step[index].due_hours);
    set_alarm(&line->clocks, line->deadline_leaf + ladder->index,
              larger(due, ladder->opened_hours));
}

static void judge_promises(Line *line, Ladder *ladder) {
    set_alarm(&line->clocks, line->deadline_leaf + ladder->index, NEVER);
    for (int index = 0; index < line->numbers->steps; index++) {
        Step *step = &ladder->step[index];
        if (!step->promises || step->due_hours > line->now) continue;
        step->promises = false;
        if (!need_is_met(line, ladder, step)) continue;
        bool kept = step->in_force_hours <= step->due_hours;
        line->promises_kept += kept;
        line->promises_broken += !kept;
        count_event(line);
    }
    await_deadline(line, ladder);
}

/* ---- Crises: opening, closing, and their rows ----------------------------------------------- */

static double *new_row(Table *table) {
    if (table->count == table->room) {
        table->room = table->room ? 2 * table->room : 256;
        table->value = more_room(table->value, table->room * table->width, sizeof *table->value);
    }
    return &table->value[table->width * table->count++];
}

static double *row_of_crisis(const Line *line, int64_t number) {
    const Table *table = &line->crises_table;
    return &table->value[table->width * (table->count - (size_t)(line->crises - number) - 1)];
}

static int status_at_end(const Step *step, bool crisis_is_open) {
    switch (step->state) {
    case NOT_CALLED: return STATUS_NOT_CALLED;
    case REFUSED: return STATUS_REFUSED;
    case IN_FORCE:
        return step->in_force_hours <= step->due_hours ? STATUS_ON_TIME : STATUS_LATE;
    default: return crisis_is_open ? STATUS_OPEN : STATUS_STOOD_DOWN;
    }
}

static void count_step(StepCounts *counts, const Step *step, const Ladder *ladder, int status) {
    counts->by_status[status]++;
    if (step->in_force_hours == NEVER) return;
    counts->first_hours = smaller(counts->first_hours, step->in_force_hours);
    counts->delays_sum += step->in_force_hours - ladder->clock_hours;
    counts->delays++;
}

/* When a step came into force, what its delay consists of, and who decided last. */
static void write_times(const Line *line, const Ladder *ladder, const Step *step, double *value) {
    bool is_in_force = step->in_force_hours < NEVER;
    bool is_decided = step->decided_hours < NEVER;
    bool is_deployed = is_decided && step->deployed_hours <= line->now;
    value[0] = is_in_force ? step->in_force_hours : MISSING;
    value[1] = step->called_hours < NEVER ? step->called_hours - ladder->opened_hours : MISSING;
    value[2] = is_decided ? step->decided_hours - step->called_hours : MISSING;
    value[3] = is_deployed ? step->deployed_hours - step->decided_hours : MISSING;
    value[4] = is_decided && step->last_decider >= 0 ? step->last_decider : MISSING;
    if (is_in_force) value[1] += step->in_force_hours - step->deployed_hours;
}

static void record_crisis(Line *line, const Ladder *ladder, double closed_hours) {
    bool is_open = isnan(closed_hours);
    double *row = row_of_crisis(line, ladder->number);
    row[1] = (double)ladder->number;
    row[2] = ladder->index;
    row[3] = ladder->opened_hours;
    row[4] = ladder->clock_hours;
    row[5] = closed_hours;
    row[6] = 0.0; /* an incident opened it */
    row[7] = ladder->highest_level;
    row[8] = 0.0; /* no false alarms, no incidents by the defender */
    row[9] = larger(0.0, ladder->first_detected_hours - ladder->clock_hours);
    row[10] = ladder->opened_hours - larger(ladder->clock_hours, ladder->first_detected_hours);
    for (int index = 0; index < line->numbers->steps; index++) {
        const Step *step = &ladder->step[index];
        int status = status_at_end(step, is_open);
        double *value = &row[11 + 6 * index];
        count_step(&line->step_counts[index], step, ladder, status);
        value[0] = status;
        write_times(line, ladder, step, value + 1);
    }
}

static void start_step(const Ladder *ladder, Step *step) {
    step->state = NOT_CALLED;
    step->call_from_hours = ladder->clock_hours + step->numbers->decide_from_hours;
    step->due_hours = ladder->clock_hours + step->numbers->deadline_hours;
    step->promises = step->due_hours < NEVER;
    step->called_hours = step->decided_hours = step->deployed_hours = NEVER;
    step->in_force_hours = step->ready_hours = NEVER;
    step->effect_share = 1.0;
    step->last_decider = -1;
}

static void open_crisis(Line *line, Ladder *ladder, const Violation *opening, uint64_t ordinal,
                        bool by_level) {
    const Violation *first = opening;
    int highest = highest_level_now(line, ladder);
    for (int i = ladder->heard_first; i < ladder->heard_behind; i++) {
        const Violation *heard = &ladder->heard[i];
        if (heard->level > highest) highest = heard->level;
    }
    if (!by_level) {
        first = &ladder->heard[ladder->heard_first];
        for (int i = ladder->heard_first + 1; i < ladder->heard_behind; i++)
            if (ladder->heard[i].onset_hours < first->onset_hours) first = &ladder->heard[i];
    }
    line->events += 2; /* crisis_opens, clock_starts */
    if (line->crises++ == 0) line->first_crisis_hours = line->now;
    new_row(&line->crises_table);

    ladder->is_open = true;
    ladder->number = line->crises;
    ladder->opening_sector = opening->sector;
    ladder->opening_ordinal = ordinal;
    ladder->opened_hours = ladder->clock_hours = line->now;
    ladder->first_detected_hours = first->detected_hours;
    if (line->numbers->clock == FROM_DETECTION) ladder->clock_hours = first->detected_hours;
    if (line->numbers->clock == FROM_VIOLATION) ladder->clock_hours = first->onset_hours;
    ladder->highest_level = highest;
    ladder->heard_first = ladder->heard_behind = 0;
    for (int index = 0; index < line->numbers->steps; index++)
        start_step(ladder, &ladder->step[index]);
    set_alarm(&line->clocks, line->look_leaf + ladder->index, line->now);
    await_deadline(line, ladder);
    watch_for_quiet(line, ladder);
}

/* Keep what is heard together at the front of its room, or make more room. */
static void make_room_to_hear(Ladder *ladder) {
    int count = ladder->heard_behind - ladder->heard_first;
    if (ladder->heard_behind < ladder->heard_room) return;
    if (count > ladder->heard_room / 2 || ladder->heard_room == 0) {
        ladder->heard_room = ladder->heard_room ? 2 * ladder->heard_room : 64;
        ladder->heard =
            more_room(ladder->heard, (size_t)ladder->heard_room, sizeof *ladder->heard);
    }
    memmove(ladder->heard, ladder->heard + ladder->heard_first,
            (size_t)count * sizeof *ladder->heard);
    ladder->heard_first = 0;
    ladder->heard_behind = count;
}

/* Open a crisis if a violation that is attributed now calls for one. */
static void attributed(Line *line, const Notice *notice) {
    const Numbers *numbers = line->numbers;
    uint64_t ordinal = notice->rank & UINT64_C(0xffffffffffff);
    Violation heard = {(int)(notice->rank >> 48 & 0x3ff), (int)(ordinal >> 32 & 0xff),
                       notice->of.onset_hours, notice->detected_hours, line->now};
    Ladder *ladder = &line->ladder[line->sector[heard.sector].ladder];
    count_event(line);
    if (ladder->is_open || heard.onset_hours < ladder->last_close_hours) return;
    make_room_to_hear(ladder);
    ladder->heard[ladder->heard_behind++] = heard;
    while (!(line->now <=
             ladder->heard[ladder->heard_first].attributed_hours + numbers->window_hours))
        ladder->heard_first++;
    bool by_level = heard.level >= numbers->threshold_level;
    if (by_level || ladder->heard_behind - ladder->heard_first >= numbers->threshold_incidents)
        open_crisis(line, ladder, &heard, ordinal, by_level);
}

static void close_crisis(Line *line, Ladder *ladder) {
    remember_detections(line);
    set_alarm(&line->clocks, line->quiet_leaf + ladder->index, NEVER);
    for (int index = 0; index < line->numbers->steps; index++)
        line->events += is_under_way(&ladder->step[index]);
    count_event(line);
    record_crisis(line, ladder, line->now);
    ladder->is_open = false;
    ladder->last_close_hours = line->now;
    set_alarm(&line->clocks, line->look_leaf + ladder->index, NEVER);
    set_alarm(&line->clocks, line->deadline_leaf + ladder->index, NEVER);
    rescale_the_fighting(line, ladder);
}

/* ---- A run (line.py, record.py) ------------------------------------------------------------- */

static void notice_arrives(Line *line) {
    Notice notice = pop(&line->heap);
    double next = line->heap.count ? line->heap.notice[0].hours : NEVER;
    set_alarm(&line->clocks, line->notice_leaf, next);
    if (notice.rank >> 58 == ATTRIBUTED)
        attributed(line, &notice);
    else
        answers(line, &notice);
}

/* Let events happen, one after the other, until the run ends; return how. */
static int play_to_the_end(Line *line) {
    int sectors = line->numbers->sectors, bits = line->clocks.bits;
    for (;;) {
        uint64_t ring = next_ring(&line->clocks);
        int leaf = (int)(ring & ((UINT64_C(1) << bits) - 1));
        line->now = (double)(int64_t)(ring >> bits) * (1.0 / TICKS_PER_HOUR);
        if (leaf < sectors)
            spell_stops(line, &line->sector[leaf]);
        else if (leaf > line->attack_leaf && leaf < line->notice_leaf) {
            incident_occurs(line, &line->sector[leaf - line->attack_leaf - 1]);
            if (is_runaway(line)) return RUNAWAY;
        } else if (leaf == line->notice_leaf)
            notice_arrives(line);
        else if (leaf < 2 * sectors)
            expand(line, &line->sector[leaf - sectors]);
        else if (leaf < line->attack_leaf)
            return COLLAPSED;
        else if (leaf == line->attack_leaf) {
            attack(line);
            if (is_runaway(line)) return RUNAWAY;
        } else if (leaf < line->deadline_leaf)
            climb(line, &line->ladder[leaf - line->look_leaf]);
        else if (leaf < line->quiet_leaf)
            judge_promises(line, &line->ladder[leaf - line->deadline_leaf]);
        else if (leaf < line->horizon_leaf)
            close_crisis(line, &line->ladder[leaf - line->quiet_leaf]);
        else
            return HELD;
    }
}

static void begin_sector(Line *line, Sector *sector) {
    sector->level = 0;
    sector->incidents = 0;
    sector->level_since_hours = 0.0;
    for (int hazard = 0; hazard < HAZARDS; hazard++) sector->clock[hazard].timing = NULL;
    if (sector->numbers->arrival.first < INFINITY) await_incident(line, sector);
}

static void begin_ladder(const Line *line, Ladder *ladder) {
    ladder->is_open = false;
    ladder->last_close_hours = ladder->fought_until_hours = -INFINITY;
    ladder->heard_first = ladder->heard_behind = 0;
    for (int hazard = 0; hazard < HAZARDS; hazard++) ladder->multiplier[hazard] = 1.0;
    for (int index = 0; index < line->numbers->steps; index++)
        for (int place = 0; place < ladder->scope->sectors; place++)
            ladder->step[index].fought[place] = (Fought){false, -INFINITY, -INFINITY};
}

static void begin_record(Line *line) {
    line->incidents = line->crises = line->attacks = 0;
    line->promises_kept = line->promises_broken = 0;
    line->first_incident_hours = line->first_crisis_hours = MISSING;
    line->highest_level = line->fighting_sectors = 0;
    line->fighting_hours = line->fighting_since_hours = 0.0;
    line->detections = line->detections_looked = 0;
    line->looked_hours = -1.0;
    for (int level = 0; level < line->numbers->levels; level++) line->level_hours[level] = 0.0;
    for (int index = 0; index < line->numbers->steps; index++)
        line->step_counts[index] = (StepCounts){.first_hours = NEVER};
}

static void begin(Line *line, uint64_t run) {
    line->luck.run_low = (uint32_t)run;
    line->luck.run_high = (uint32_t)(run >> 32) & 0xff;
    line->now = 0.0;
    line->heap.count = 0;
    silence_all(&line->clocks);
    set_alarm(&line->clocks, line->horizon_leaf, line->numbers->horizon_hours);
    begin_record(line);
    for (int index = 0; index < line->numbers->scopes; index++)
        begin_ladder(line, &line->ladder[index]);
    for (int index = 0; index < line->numbers->sectors; index++)
        begin_sector(line, &line->sector[index]);
    await_attack(line);
}

static double *write_step_counts(const StepCounts *counts, double *value) {
    int64_t called = 0;
    for (int status = 0; status < STATUSES; status++)
        if (status != STATUS_NOT_CALLED) called += counts->by_status[status];
    *value++ = (double)called;
    *value++ = (double)counts->by_status[STATUS_ON_TIME];
    *value++ = (double)counts->by_status[STATUS_LATE];
    *value++ = (double)counts->by_status[STATUS_REFUSED];
    *value++ = (double)counts->by_status[STATUS_STOOD_DOWN];
    *value++ = 0.0; /* wrongful: there are no false alarms */
    *value++ = counts->delays ? counts->first_hours : MISSING;
    *value++ = counts->delays ? counts->delays_sum / (double)counts->delays : MISSING;
    return value;
}

static void write_outcome(Line *line, uint64_t run, int outcome) {
    double *value = new_row(&line->outcomes);
    *value++ = (double)run;
    *value++ = outcome;
    *value++ = line->now;
    *value++ = (double)line->incidents;
    *value++ = 0.0; /* false alarms */
    *value++ = (double)line->attacks;
    *value++ = (double)line->crises;
    *value++ = line->highest_level;
    *value++ = line->first_incident_hours;
    *value++ = line->first_crisis_hours;
    *value++ = line->fighting_hours;
    for (int level = 1; level < line->numbers->levels; level++) *value++ = line->level_hours[level];
    *value++ = (double)line->promises_kept;
    *value++ = (double)line->promises_broken;
    *value++ = MISSING; /* credibility */
    for (int index = 0; index < line->numbers->steps; index++)
        value = write_step_counts(&line->step_counts[index], value);
}

static void play(Line *line, uint64_t run) {
    begin(line, run);
    int outcome = play_to_the_end(line);
    line->events += (outcome == COLLAPSED) + 1; /* ceasefire_collapses, run_ends */
    line->events += detections_until_the_end(line, outcome);
    for (int index = 0; index < line->numbers->scopes; index++)
        if (line->ladder[index].is_open) record_crisis(line, &line->ladder[index], MISSING);
    for (int index = 0; index < line->numbers->sectors; index++)
        record_level(line, &line->sector[index], line->sector[index].level, 0);
    for (int64_t number = 1; number <= line->crises; number++)
        row_of_crisis(line, number)[0] = (double)run;
    write_outcome(line, run, outcome);
}

/* ---- Reading the numbers -------------------------------------------------------------------- */

static FILE *numbers_file;

static void read_word(char *word, size_t size) {
    char format[16];
    snprintf(format, sizeof format, "%%%zus", size - 1);
    if (fscanf(numbers_file, format, word) != 1) fail("the file of numbers ends too early");
}

static void expect(const char *what) {
    char word[64];
    read_word(word, sizeof word);
    if (strcmp(word, what) != 0) fail("the file of numbers is not as expected");
}

static double read_hours(void) {
    char word[64], *behind;
    read_word(word, sizeof word);
    double value = strtod(word, &behind);
    if (*behind) fail("a number is not a number");
    return value;
}

static int64_t read_whole(void) { return (int64_t)read_hours(); }

static int read_int(void) { return (int)read_whole(); }

static Timing read_timing(void) {
    Timing timing = {.family = read_int()};
    timing.first = read_hours();
    timing.second = read_hours();
    timing.third = read_hours();
    return timing;
}

static Timing read_mean(void) { return (Timing){EXPONENTIAL, read_hours(), 0.0, 0.0}; }

static uint32_t *read_keys(int sectors) {
    uint32_t *keys = room_for((size_t)sectors, sizeof *keys);
    for (int index = 0; index < sectors; index++) keys[index] = (uint32_t)read_whole();
    return keys;
}

static SectorNumbers read_sector(void) {
    SectorNumbers sector;
    expect("sector");
    sector.share = read_hours();
    sector.arrival = read_mean();
    sector.key = (uint32_t)read_whole();
    return sector;
}

static LevelNumbers read_level(void) {
    LevelNumbers level;
    expect("level");
    level.share_up_to = read_hours();
    level.spell = read_timing();
    level.expand = read_mean();
    level.collapse = read_mean();
    level.detection_probability = read_hours();
    level.detection_delay = read_timing();
    level.attribution_probability = read_hours();
    level.attribution_delay = read_timing();
    return level;
}

static ScopeNumbers read_scope(void) {
    ScopeNumbers scope;
    expect("scope");
    scope.sectors = read_int();
    scope.sector = room_for((size_t)scope.sectors, sizeof *scope.sector);
    for (int place = 0; place < scope.sectors; place++) scope.sector[place] = read_int();
    return scope;
}

static DeciderNumbers read_decider(void) {
    DeciderNumbers decider;
    expect("decider");
    decider.counted_by = read_int();
    decider.quorum = read_hours();
    decider.members = read_int();
    decider.is_group = read_int() != 0;
    return decider;
}

static VoterNumbers read_voter(int sectors) {
    VoterNumbers voter;
    expect("voter");
    voter.decider = read_int();
    voter.weight = read_hours();
    voter.share = read_hours();
    voter.yes_probability = read_hours();
    voter.decision = read_timing();
    voter.parliament = read_timing();
    voter.keys = read_keys(sectors);
    return voter;
}

static StepNumbers read_step(int sectors) {
    StepNumbers step;
    expect("step");
    step.deciders = read_int();
    step.voters = read_int();
    step.need_level = read_int();
    step.within_hours = read_hours();
    step.need_sectors = read_int();
    step.sustained_hours = read_hours();
    step.decide_from_hours = read_hours();
    step.not_before_hours = read_hours();
    step.deadline_hours = read_hours();
    step.deploy = read_timing();
    for (int hazard = 0; hazard < HAZARDS; hazard++) step.effect[hazard] = read_hours();
    step.provoke_probability = read_hours();
    step.keys = read_keys(sectors);
    step.decider = room_for((size_t)step.deciders, sizeof *step.decider);
    step.voter = room_for((size_t)step.voters, sizeof *step.voter);
    for (int index = 0; index < step.deciders; index++) step.decider[index] = read_decider();
    for (int index = 0; index < step.voters; index++) step.voter[index] = read_voter(sectors);
    return step;
}

static int lowest_watched_level(const Numbers *numbers) {
    int lowest = numbers->quiet_level;
    for (int index = 0; index < numbers->steps; index++) {
        int needed = numbers->step[index].need_level;
        if (needed > 0 && needed < lowest) lowest = needed;
    }
    return lowest;
}

static Numbers read_numbers(const char *path) {
    Numbers numbers;
    numbers_file = fopen(path, "r");
    if (!numbers_file) fail(strerror(errno));
    expect("world");
    numbers.sectors = read_int();
    numbers.levels = read_int();
    numbers.scopes = read_int();
    numbers.steps = read_int();
    expect("run");
    numbers.horizon_hours = read_hours();
    numbers.most_violations = read_whole();
    numbers.attack = read_mean();
    numbers.attack_sectors = read_int();
    expect("crisis");
    numbers.threshold_incidents = read_whole();
    numbers.threshold_level = read_int();
    numbers.window_hours = read_hours();
    numbers.quiet_hours = read_hours();
    numbers.quiet_level = read_int();
    numbers.clock = read_int();
    numbers.sector = room_for((size_t)numbers.sectors, sizeof *numbers.sector);
    numbers.level = room_for((size_t)numbers.levels, sizeof *numbers.level);
    numbers.scope = room_for((size_t)numbers.scopes, sizeof *numbers.scope);
    numbers.step = room_for((size_t)numbers.steps, sizeof *numbers.step);
    for (int i = 0; i < numbers.sectors; i++) numbers.sector[i] = read_sector();
    for (int i = 0; i < numbers.levels; i++) numbers.level[i] = read_level();
    for (int i = 0; i < numbers.scopes; i++) numbers.scope[i] = read_scope();
    for (int i = 0; i < numbers.steps; i++) numbers.step[i] = read_step(numbers.sectors);
    numbers.lowest_watched_level = lowest_watched_level(&numbers);
    fclose(numbers_file);
    return numbers;
}

/* ---- The program ---------------------------------------------------------------------------- */

static void set_up_step(Step *step, const StepNumbers *numbers, int sectors) {
    step->numbers = numbers;
    step->fought = room_for((size_t)sectors, sizeof *step->fought);
    step->vote = room_for((size_t)numbers->deciders, sizeof *step->vote);
    step->said_yes = room_for((size_t)numbers->voters, sizeof *step->said_yes);
}

static void set_up_ladder(Line *line, int index) {
    const Numbers *numbers = line->numbers;
    Ladder *ladder = &line->ladder[index];
    ladder->index = index;
    ladder->scope = &numbers->scope[index];
    ladder->step = room_for((size_t)numbers->steps, sizeof *ladder->step);
    for (int i = 0; i < numbers->steps; i++)
        set_up_step(&ladder->step[i], &numbers->step[i], ladder->scope->sectors);
    for (int place = 0; place < ladder->scope->sectors; place++) {
        Sector *sector = &line->sector[ladder->scope->sector[place]];
        sector->ladder = index;
        sector->place_in_scope = place;
    }
}

static void set_up(Line *line, const Numbers *numbers, uint64_t seed) {
    int sectors = numbers->sectors, scopes = numbers->scopes, steps = numbers->steps;
    memset(line, 0, sizeof *line);
    line->numbers = numbers;
    line->luck.key_0 = (uint32_t)seed;
    line->luck.key_1 = (uint32_t)(seed >> 32);
    line->sector = room_for((size_t)sectors, sizeof *line->sector);
    line->ladder = room_for((size_t)scopes, sizeof *line->ladder);
    line->attack_place = room_for((size_t)sectors, sizeof *line->attack_place);
    line->attack_order = room_for((size_t)sectors, sizeof *line->attack_order);
    line->level_hours = room_for((size_t)numbers->levels, sizeof *line->level_hours);
    line->step_counts = room_for((size_t)steps, sizeof *line->step_counts);
    line->attack_leaf = 3 * sectors;
    line->notice_leaf = 4 * sectors + 1;
    line->look_leaf = line->notice_leaf + 1;
    line->deadline_leaf = line->look_leaf + scopes;
    line->quiet_leaf = line->deadline_leaf + scopes;
    line->horizon_leaf = line->quiet_leaf + scopes;
    line->clocks = timetable_of(line->horizon_leaf + 1, numbers->horizon_hours);
    line->outcomes.width = 13 + (size_t)numbers->levels + 8 * (size_t)steps;
    line->crises_table.width = 11 + 6 * (size_t)steps;
    for (int index = 0; index < sectors; index++) {
        line->sector[index].index = index;
        line->sector[index].numbers = &numbers->sector[index];
    }
    for (int index = 0; index < scopes; index++) set_up_ladder(line, index);
}

static void write_table(FILE *file, const Table *table) {
    size_t values = table->count * table->width;
    if (values == 0) return;
    if (fwrite(table->value, sizeof *table->value, values, file) != values) fail("cannot write");
}

static void write_rows(const Line *line, const char *path) {
    FILE *file = fopen(path, "wb");
    if (!file) fail(strerror(errno));
    double sizes[] = {(double)line->outcomes.count, (double)line->outcomes.width,
                      (double)line->crises_table.count, (double)line->crises_table.width};
    if (fwrite(sizes, sizeof *sizes, 4, file) != 4) fail("cannot write");
    write_table(file, &line->outcomes);
    write_table(file, &line->crises_table);
    if (fclose(file) != 0) fail("cannot write");
}

static double seconds_used(void) {
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + 1e-9 * (double)used.tv_nsec;
}

int main(int count, char **arguments) {
    static Line line;
    if (count < 5 || count > 6) fail("usage: reference NUMBERS SEED FIRST_RUN RUNS [ROWS_FILE]");
    Numbers numbers = read_numbers(arguments[1]);
    uint64_t seed = strtoull(arguments[2], NULL, 10);
    uint64_t first_run = strtoull(arguments[3], NULL, 10);
    uint64_t runs = strtoull(arguments[4], NULL, 10);
    double began = seconds_used();
    set_up(&line, &numbers, seed);
    for (uint64_t run = first_run; run < first_run + runs; run++) play(&line, run);
    double seconds = seconds_used() - began;
    if (count > 5) write_rows(&line, arguments[5]);
    printf("{\"runs\": %llu, \"events\": %lld, \"seconds\": %.9f}\n", (unsigned long long)runs,
           (long long)line.events, seconds);
    return 0;
}
