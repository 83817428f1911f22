import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka's own producer does what the lines of the standard input say. See java-client.ts. */
public class Produce {
  public static void main(String[] brokers) throws Exception {
    Map<String, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ");
      String name = words.length > 1 ? words[1] : "";
      switch (words[0]) {
        case "open" -> {
          Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", brokers[0], "linger.ms", "100"));
          // As long as a message may take: a producer may be opened while brokers are away.
          settings.put("max.block.ms", "120000");
          for (int place = 2; place < words.length; place += 1) {
            String[] setting = words[place].split("=");
            settings.put(setting[0], setting[1]);
          }
          KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
          producers.put(name, producer);
          if (settings.containsKey("transactional.id")) producer.initTransactions();
        }
        case "send" -> {
          var record =
            new ProducerRecord<>(words[2], Integer.valueOf(words[3]), Long.valueOf(words[4]), bytes(words[5]), bytes(words[6]));
          for (int place = 7; place < words.length; place += 2) {
            record.headers().add(new String(bytes(words[place]), "UTF-8"), bytes(words[place + 1]));
          }
          sent.add(producers.get(name).send(record));
        }
        case "flush" -> producers.get(name).flush();
        case "begin" -> producers.get(name).beginTransaction();
        case "commit" -> producers.get(name).commitTransaction();
        case "abort" -> {
          producers.get(name).flush();
          producers.get(name).abortTransaction();
        }
        case "end" -> {
          for (KafkaProducer<byte[], byte[]> producer : producers.values()) producer.flush();
          StringBuilder offsets = new StringBuilder("offsets");
          for (Future<RecordMetadata> message : sent) offsets.append(' ').append(message.get().offset());
          sent.clear();
          System.out.println(offsets);
        }
        default -> throw new IllegalArgumentException(line);
      }
    }
    // A transaction that is open stays open.
    Runtime.getRuntime().halt(0);
  }

  private static byte[] bytes(String word) {
    return word.equals("-") ? null : Base64.getDecoder().decode(word.substring(1));
  }
}
