import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/**
 * Kafka Streams with its own state: RocksDB with a changelog topic, two threads. The same command line as the Python contestants; VARIANT
 * is the processing guarantee. Its clock stops when it has closed, and so committed; then it is started once more and read back.
 */
public final class KafkaStreams {
  /** One case folded: the end as granted, and the stop date of a termination that stands ("" for none). Dates as ISO text. */
  record Case(String scheme, String jobcentre, String start, String original, String until, String stop, int version) {
    String row(String id) {
      return String.join("\t", id, scheme, jobcentre, start, original, stop.isEmpty() ? until : stop, String.valueOf(version));
    }
  }

  private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new HashMap<>();
  private final ThreadLocal<BinaryDecoder> decoders = new ThreadLocal<>();
  private final AtomicLong first = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final CountDownLatch all = new CountDownLatch(1);
  private final long events;

  KafkaStreams(long events) throws IOException {
    this.events = events;
    Path folder = Path.of(System.getProperty("schemas"));
    JsonNode ids = new ObjectMapper().readTree(folder.resolve("ids.json").toFile());
    for (Map.Entry<String, JsonNode> id : ids.properties()) {
      Schema schema = new Schema.Parser().parse(folder.resolve(id.getValue().get("file").asText()).toFile());
      readers.put(Integer.parseInt(id.getKey()), new GenericDatumReader<>(schema));
    }
  }

  public static void main(String[] args) throws Exception {
    String variant = args[0], bootstrap = args[1], topic = args[2];
    Path folder = Path.of(args[4]);
    KafkaStreams it = new KafkaStreams(Long.parseLong(args[3]));
    Properties settings = settings(variant, bootstrap, folder);
    var streams = it.streams(topic, settings);
    streams.start();
    it.all.await();
    // Otherwise the next start waits for the group to miss these members.
    streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    double seconds = (System.nanoTime() - it.first.get()) / 1e9;
    var again = it.streams(topic, settings);
    again.start();
    while (again.state() != org.apache.kafka.streams.KafkaStreams.State.RUNNING) {
      Thread.sleep(50);
    }
    writeRows(again, folder.resolve("rows.tsv"));
    again.close();
    System.out.printf("{\"events\": %d, \"seconds\": %s, \"peak_rss_mb\": %d}%n", it.events, seconds, peakRssMb());
  }

  private static Properties settings(String guarantee, String bootstrap, Path folder) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "kafka-streams-" + folder.getFileName());
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64L << 20);
    settings.put("auto.offset.reset", "earliest");
    settings.put("max.poll.records", 5000);
    settings.put("max.partition.fetch.bytes", 4 << 20);
    return settings;
  }

  private org.apache.kafka.streams.KafkaStreams streams(String topic, Properties settings) {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(topic, Consumed.with(Serdes.String(), Serdes.ByteArray()))
        .groupByKey(Grouped.with(Serdes.String(), Serdes.ByteArray()))
        .aggregate(
            () -> null,
            (id, value, before) -> step(value, before),
            Materialized.<String, Case, KeyValueStore<Bytes, byte[]>>as("cases").withKeySerde(Serdes.String()).withValueSerde(serde()));
    return new org.apache.kafka.streams.KafkaStreams(builder.build(), settings);
  }

  private Case step(byte[] value, Case before) {
    first.compareAndSet(0, System.nanoTime());
    Case after = fold(before, decode(value));
    if (taken.incrementAndGet() == events) {
      all.countDown();
    }
    return after;
  }

  private GenericRecord decode(byte[] value) {
    try {
      BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, decoders.get());
      decoders.set(decoder);
      return readers.get(ByteBuffer.wrap(value, 1, 4).getInt()).read(null, decoder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Case fold(Case c, GenericRecord data) {
    int version = (Integer) ((GenericRecord) data.get("kuvert")).get("version");
    if (c == null) {
      String until = day(data, "slutdato");
      return new Case(data.get("ordning").toString(), data.get("jobCenterKode").toString(), day(data, "startdato"), until, until, "", version);
    }
    String jobcentre = c.jobcentre, until = c.until, stop = c.stop;
    switch (data.getSchema().getName()) {
      case "ForlaengelseBevilget" -> until = day(data, "slutdato");
      case "OphoerRegistreret", "OphoerRettet" -> stop = day(data, "stopdato");
      case "OphoerTilbagekaldt" -> stop = "";
      case "SagFlyttet" -> jobcentre = data.get("modtagendeJobCenterKode").toString();
      default -> { }
    }
    return new Case(c.scheme, jobcentre, c.start, c.original, until, stop, version);
  }

  private static String day(GenericRecord data, String field) {
    return LocalDate.ofEpochDay((Integer) data.get(field)).toString();
  }

  private static Serde<Case> serde() {
    return Serdes.serdeFrom((topic, c) -> c == null ? null : packed(c), (topic, bytes) -> bytes == null ? null : unpacked(bytes));
  }

  private static byte[] packed(Case c) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (String part : new String[] {c.scheme, c.jobcentre, c.start, c.original, c.until, c.stop}) {
        out.writeUTF(part);
      }
      out.writeInt(c.version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Case unpacked(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return new Case(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readInt());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeRows(org.apache.kafka.streams.KafkaStreams streams, Path file) throws IOException {
    var store = streams.store(StoreQueryParameters.fromNameAndType("cases", QueryableStoreTypes.<String, Case>keyValueStore()));
    try (BufferedWriter out = Files.newBufferedWriter(file); var rows = store.all()) {
      while (rows.hasNext()) {
        var row = rows.next();
        out.write(row.value.row(row.key));
        out.newLine();
      }
    }
  }

  private static long peakRssMb() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (var lines = Files.lines(status)) {
      String peak = lines.filter(line -> line.startsWith("VmHWM:")).findFirst().orElse("VmHWM: 0 kB");
      return Long.parseLong(peak.replaceAll("[^0-9]", "")) / 1024;
    }
  }
}
